#include <algorithm>
#include <map>

#include <CLI/CLI.hpp>

#include "apps/gpt-clean/input_flags.hpp"
#include "apps/gpt-clean/options.hpp"
#include "apps/gpt-clean/rule_flags.hpp"
#include "libcommon/cli/errors.hpp"
#include "libcommon/cli/number_range.hpp"
#include "libcommon/cli/shard_option.hpp"

namespace gpt::clean {
namespace {

constexpr const char* kSummary =
    "Cleans documents: repairs the text, keeps the languages wanted, drops what is too short.";
constexpr const char* kExamples =
    "  gpt-clean pages.jsonl -o clean.jsonl --language sv --min-chars 200\n"
    "  gpt-clean pages.jsonl.zst -o sentences.txt --language sv,da --split-sentences\n"
    "  zcat dump.txt.gz | gpt-clean - --input-format text -o clean.jsonl.zst";

const std::map<std::string, std::optional<io::DocumentFormat>> kOutputFormats = {
    {"auto", std::nullopt}, {"jsonl", io::DocumentFormat::jsonl}, {"text", io::DocumentFormat::text}};

void add_outputs(CLI::App& app, Options& options) {
  app.add_option("-o,--output", options.output, "Where the cleaned documents go")
      ->capture_default_str()
      ->type_name("FILE");
  app.add_option("--rejected", options.rejected, "Write what was dropped, with the reason, as JSON Lines")
      ->type_name("FILE");
  app.add_flag("--annotate", options.annotate,
               "Drop no document: write what the rules measure, and which would have dropped it, as fields");
  app.add_option("--output-format", "auto (by name), jsonl, or text")
      ->check(CLI::IsMember({"auto", "jsonl", "text"}))
      ->default_str("auto")
      ->type_name("FORMAT")
      ->each([&](const std::string& name) { options.output_format = kOutputFormats.at(name); });
}

// "content=text"
void add_rename(FieldChoice& fields, const std::string& rename) {
  const auto equals = rename.find('=');
  if (equals == std::string::npos || equals == 0 || equals + 1 == rename.size()) {
    throw cli::UsageError("--rename: '" + rename + "' is no OLD=NEW");
  }
  const std::string old_name = rename.substr(0, equals);
  const std::string new_name = rename.substr(equals + 1);
  for (const auto& [other, name] : fields.rename) {
    if (other == old_name && name != new_name)
      throw cli::UsageError("--rename: '" + old_name + "' gets two names, " + name + " and " + new_name);
    if (other != old_name && name == new_name)
      throw cli::UsageError("--rename: " + other + " and " + old_name + " would both be named '" + name +
                            "'");
  }
  fields.rename[old_name] = new_name;
}

void add_shape(CLI::App& app, Options& options) {
  app.add_flag_callback(
         "--loose-json",
         [&] {
           options.recipe.only = "empty";
           options.output_format = io::DocumentFormat::jsonl;
         },
         "Make JSON Lines of text and change nothing; documents without text go")
      ->excludes("--preset", "--recipe", "--output-format");
  app.add_option("--fields", options.fields.keep,
                 "Write these fields of the records, in this order: text,url")
      ->delimiter(',')
      ->allow_extra_args(false)
      ->type_name("NAMES");
  app.add_option("--rename", "Write a field under another name: content=text")
      ->delimiter(',')
      ->allow_extra_args(false)
      ->type_name("OLD=NEW")
      ->each([&](const std::string& rename) { add_rename(options.fields, rename); });
  app.add_option("--sample", options.sample, "Take this share of the documents, at random by --seed")
      ->check(cli::number_range(0.0, 1.0))
      ->type_name("FRACTION");
  app.add_option("--split", options.parts, "Write N parts with equally many documents")
      ->check(CLI::Range(1, 4096))
      ->type_name("N");
}

void check_shape(const Options& options) {
  for (auto name = options.fields.keep.begin(); name != options.fields.keep.end(); ++name) {
    if (std::find(options.fields.keep.begin(), name, *name) != name)
      throw cli::UsageError("--fields: '" + *name + "' is given twice");
  }
  const auto format = options.output_format.value_or(io::document_format_of_name(options.output));
  if (!options.fields.is_everything() && format == io::DocumentFormat::text) {
    throw cli::UsageError("--fields and --rename are for JSON Lines, but the output is text");
  }
  if (options.parts == 1) return;
  if (options.output == "-") throw cli::UsageError("--split needs files to write: give -o NAME.jsonl");
  if (!options.shard.is_everything()) {
    throw cli::UsageError("--split and --world both name parts: give one of them");
  }
}

// The text is the one field that what is written may not take the place of.
void check_text_stays(const Options& options) {
  const auto renamed = options.fields.rename.find(options.text_key);
  const std::string text = renamed == options.fields.rename.end() ? options.text_key : renamed->second;
  const auto refuse = [](const std::vector<std::string>& names, const std::string& field) {
    if (std::find(names.begin(), names.end(), field) != names.end())
      throw cli::UsageError("the field '" + field +
                            "' holds the text and cannot be written besides: give --language-field or "
                            "--rename another name");
  };
  refuse(fields_of_kept(options), text);
  if (options.rejected) refuse(fields_of_rejected(), options.text_key);
}

}  // namespace

Options parse_options(int argc, const char* const* argv) {
  Options options;
  cli::Command command("gpt-clean", kSummary, kExamples);
  add_input_flags(command.app(), options);
  add_outputs(command.app(), options);
  add_rule_flags(command.app(), options);
  add_shape(command.app(), options);
  command.app().add_flag("--statistics", options.statistics,
                         "Put statistics of before and after into the report");
  add_source_flags(command.app(), options.sources);
  cli::ShardOption shard;
  cli::add_shard_options(command.app(), shard);
  options.common = command.parse(argc, argv);
  options.shard = cli::resolve_shard(shard);
  check_inputs_or_throw(options, options.shard);
  check_rule_flags_or_throw(options);
  check_shape(options);
  check_text_stays(options);
  if (options.annotate && options.rejected)
    throw cli::UsageError("--annotate drops nothing, so that --rejected would stay empty");
  if (options.sources.by && !options.statistics) throw cli::UsageError("--by needs --statistics");
  return options;
}

std::string language_field_of(const RuleOptions& options) {
  return options.language_field.value_or(options.languages.empty() ? "" : "language");
}

std::vector<std::string> fields_of_kept(const Options& options) {
  std::vector<std::string> names;
  const std::string language = language_field_of(options);
  if (!language.empty()) names = {language, language + "_confidence"};
  if (options.annotate) names.insert(names.end(), {"quality", "fails"});
  return names;
}

std::vector<std::string> fields_of_rejected() { return {"rejected", "rejected_detail"}; }

}  // namespace gpt::clean
