#include "apps/gpt-clean/input_flags.hpp"

#include <algorithm>
#include <map>

#include "libcommon/cli/errors.hpp"

namespace gpt::clean {
namespace {

struct InputFormat {
  std::optional<io::DocumentFormat> format;  // none: by name
  TextLayout layout = TextLayout::line;
};

const std::map<std::string, InputFormat> kInputFormats = {
    {"auto", {}},
    {"jsonl", {io::DocumentFormat::jsonl}},
    {"text", {io::DocumentFormat::text}},
    {"paragraphs", {io::DocumentFormat::text, TextLayout::paragraph}},
    {"file", {io::DocumentFormat::text, TextLayout::file}}};

std::vector<std::string> names_of_formats() {
  std::vector<std::string> names;
  for (const auto& [name, format] : kInputFormats) names.push_back(name);
  return names;
}

}  // namespace

void add_input_flags(CLI::App& app, InputOptions& options) {
  app.add_option("inputs", options.inputs, "Documents: .jsonl or .txt, .gz or .zst of either, - for stdin")
      ->required()
      ->type_name("FILE");
  app.add_option("--text-key,--json-key", options.text_key, "Field that holds the text")
      ->capture_default_str()
      ->type_name("NAME");
  app.add_option(
         "--input-format",
         "auto (by name), jsonl, or text: a document a line (text), between blank lines (paragraphs), "
         "a file each (file)")
      ->check(CLI::IsMember(names_of_formats()))
      ->default_str("auto")
      ->type_name("FORMAT")
      ->each([&](const std::string& name) {
        options.input_format = kInputFormats.at(name).format;
        options.text_layout = kInputFormats.at(name).layout;
      });
  app.add_option("--on-error", "What a record that cannot be read does: fail or skip")
      ->check(CLI::IsMember({"fail", "skip"}))
      ->default_str("fail")
      ->type_name("WHAT")
      ->each([&](const std::string& name) { options.on_error = io::on_error_of_name(name); });
}

void add_source_flags(CLI::App& app, SourceOptions& sources) {
  app.add_option("--by", "Statistics for each value of this field too; url:host for the host of a URL")
      ->type_name("FIELD")
      ->each([&](const std::string& field) { sources.by = SourceField::parse(field); });
  app.add_option("--sources", sources.most,
                 "The most values of --by to tell apart; smaller ones are added up")
      ->check(CLI::PositiveNumber)
      ->capture_default_str()
      ->type_name("N");
}

void check_inputs_or_throw(const InputOptions& options, io::Shard shard) {
  const auto stdins = std::count(options.inputs.begin(), options.inputs.end(), "-");
  if (stdins > 1) throw cli::UsageError("- (stdin) is given twice as an input");
  if (stdins == 1 && !shard.is_everything())
    throw cli::UsageError("stdin cannot be shared among --world processes: give files");
}

std::vector<const char*> without_word(int argc, const char* const* argv) {
  std::vector<const char*> arguments(argv, argv + argc);
  arguments.erase(arguments.begin() + 1);
  return arguments;
}

}  // namespace gpt::clean
