#include "apps/gpt-dedup/corpus_options.hpp"

#include <algorithm>
#include <cstdlib>

#include <CLI/CLI.hpp>

#include "libcommon/cli/errors.hpp"

namespace gpt::dedup {

std::string default_temporary_folder() {
  const char* folder = std::getenv("TMPDIR");
  return folder != nullptr && *folder != '\0' ? folder : "/tmp";
}

std::vector<std::string> CorpusOptions::all_inputs() const {
  std::vector<std::string> all = against;
  all.insert(all.end(), inputs.begin(), inputs.end());
  return all;
}

CorpusFlags::CorpusFlags(CLI::App& app, CorpusOptions& options) : options_(options) {
  options.temporary_folder = default_temporary_folder();
  app.add_option("input", options.inputs, "Documents (jsonl or txt, also .gz and .zst); '-' is stdin")
      ->required()
      ->type_name("FILE");
  app.add_option("--against", options.against,
                 "Documents that are there already: they are not written, nor is what repeats them")
      ->allow_extra_args(false)
      ->take_all()
      ->delimiter(',')
      ->type_name("FILE[,FILE...]");
  app.add_option("--text-key,--json-key", options.text_key, "Field that holds the text")
      ->capture_default_str()
      ->type_name("KEY");
  app.add_option("--input-format", input_format_, "auto: by name; text: one document a line")
      ->check(CLI::IsMember({"auto", "jsonl", "text"}))
      ->capture_default_str();
  app.add_option("--on-error", on_error_, "Bad records: fail, or skip and count them")
      ->check(CLI::IsMember({"fail", "skip"}))
      ->capture_default_str();
  app.add_option("--temporary-folder", options.temporary_folder,
                 "Where large temporaries go; default: TMPDIR")
      ->type_name("FOLDER");
}

void CorpusFlags::resolve_or_throw() {
  if (input_format_ != "auto")
    options_.input_format = input_format_ == "text" ? io::DocumentFormat::text : io::DocumentFormat::jsonl;
  options_.on_error = io::on_error_of_name(on_error_);
  const auto all = options_.all_inputs();
  if (std::count(all.begin(), all.end(), "-") > 1) throw cli::UsageError("stdin ('-') can be read only once");
}

void check_files_or_throw(cli::RunFiles files, const CorpusOptions& corpus,
                          const cli::CommonOptions& common) {
  for (const std::string& reference : corpus.against)
    for (const std::string& input : corpus.inputs)
      if (cli::is_same_file(reference, input))
        throw cli::UsageError("'" + input + "' is both an input and one of --against");
  files.add_inputs("an input", corpus.inputs);
  files.add_inputs("--against", corpus.against);
  cli::check_files_or_throw(std::move(files), common.report);
}

cli::CommonOptions parse_subcommand(cli::Command& command, int argc, const char* const* argv) {
  std::vector<const char*> arguments(argv, argv + argc);
  arguments.erase(arguments.begin() + 1);
  return command.parse(static_cast<int>(arguments.size()), arguments.data());
}

}  // namespace gpt::dedup
