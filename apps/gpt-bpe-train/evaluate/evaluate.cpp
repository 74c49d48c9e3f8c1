#include "apps/gpt-bpe-train/evaluate/evaluate.hpp"

#include <algorithm>
#include <cstdio>
#include <filesystem>

#include <CLI/CLI.hpp>

#include "apps/gpt-bpe-train/evaluate/evaluation_text.hpp"
#include "apps/gpt-bpe-train/evaluate/measured_vocabulary.hpp"
#include "apps/gpt-bpe-train/evaluate/vocabulary_use.hpp"
#include "apps/gpt-bpe-train/input_format_names.hpp"
#include "libcommon/cli/errors.hpp"
#include "libcommon/cli/run_files.hpp"
#include "libcommon/io/errors.hpp"
#include "libcommon/io/output_file.hpp"
#include "libcommon/log/logger.hpp"
#include "libcommon/log/progress.hpp"
#include "libcommon/log/run_report.hpp"

namespace gpt::bpe_train {
namespace {

// Folders at the front are vocabularies, what follows are texts.
std::vector<MeasuredVocabulary> take_vocabularies_or_throw(std::vector<std::string>& arguments) {
  std::vector<MeasuredVocabulary> vocabularies;
  const auto is_folder = [](const std::string& path) { return std::filesystem::is_directory(path); };
  const auto texts = std::find_if_not(arguments.begin(), arguments.end(), is_folder);
  if (texts == arguments.begin())
    throw cli::UsageError(arguments.front() + " is no folder of a vocabulary: give one, then the texts");
  if (texts == arguments.end())
    throw cli::UsageError("a text is required behind the folders of vocabularies");
  for (auto folder = arguments.begin(); folder != texts; ++folder)
    vocabularies.push_back(load_measured_or_throw(*folder));
  arguments.erase(arguments.begin(), texts);
  return vocabularies;
}

Evaluation measure(const EvaluateOptions& options, const EvaluationTask& task,
                   std::span<const MeasuredVocabulary> vocabularies) {
  log::Progress progress(options.common.progress, "bytes");
  Evaluation evaluation =
      evaluate_or_throw(task, vocabularies, [&](std::uint64_t bytes) { progress.update(bytes); });
  progress.finish();
  if (evaluation.errors.count() != 0) log::warning(evaluation.errors.summary());
  if (evaluation.groups.empty()) throw io::DataError(task.inputs.front(), "holds no text to measure on");
  return evaluation;
}

void write_report(const EvaluateOptions& options, log::RunReport& report, const EvaluationTask& task,
                  const Evaluation& evaluation, std::span<const MeasuredVocabulary> vocabularies,
                  std::span<const VocabularyUse> uses) {
  if (!options.common.report) return;
  const TextGroup total = evaluation.total();
  report.set("inputs", task.inputs);
  report.set("documents", total.documents);
  report.set("bad_records", evaluation.errors.count());
  report.set("first_errors", evaluation.errors.first_messages());
  report.set("bytes", total.bytes);
  report.set("input_bytes", evaluation.input_bytes);
  report.set_json("vocabularies", vocabularies_json(vocabularies, uses));
  report.set_json("texts", groups_json(evaluation));
  report.write_or_throw(*options.common.report);
}

}  // namespace

EvaluateOptions parse_evaluate_options(int argc, const char* const* argv) {
  cli::Command command("gpt-bpe-train evaluate", "Measure vocabularies on texts, side by side",
                       "  gpt-bpe-train evaluate vocab held-out.jsonl\n"
                       "  gpt-bpe-train evaluate vocab-32k vocab-50k sv.txt da.txt.gz --report both.json\n");
  EvaluateOptions options;
  std::string format = "auto";
  std::string on_error = "fail";
  CLI::App& app = command.app();
  app.add_option("arguments", options.arguments,
                 "Folders with vocabularies, then text or JSON Lines files; '-' is stdin")
      ->required()
      ->type_name("FOLDER... INPUT...");
  app.add_option("--input-format", format,
                 "auto: .txt files are text, one document a line, all else JSON Lines")
      ->check(CLI::IsMember({"auto", "jsonl", "text"}))
      ->capture_default_str();
  app.add_option("--json-key", options.task.json_key, "Field that holds the text")
      ->capture_default_str()
      ->type_name("KEY");
  app.add_option("--group-by", options.task.group_key,
                 "Field by which texts are told apart; without it they go by the name of their file")
      ->capture_default_str()
      ->type_name("KEY");
  app.add_option("--list", options.listed, "How many tokens to list as longest, and as never used")
      ->check(CLI::Range(0, 100000))
      ->capture_default_str()
      ->type_name("N");
  app.add_option("--on-error", on_error, "Stop at a record that cannot be read, or skip it")
      ->check(CLI::IsMember({"fail", "skip"}))
      ->capture_default_str();
  std::vector<const char*> arguments(argv, argv + argc);
  arguments.erase(arguments.begin() + 1);  // the subcommand's word
  options.common = command.parse(static_cast<int>(arguments.size()), arguments.data());
  options.task.format = *value_of_name(kInputFormatNames, format);
  options.task.on_error = io::on_error_of_name(on_error);
  options.task.threads = options.common.threads;
  return options;
}

cli::ExitCode evaluate(const EvaluateOptions& options) {
  log::RunReport report("gpt-bpe-train evaluate");
  EvaluationTask task = options.task;
  task.inputs = options.arguments;
  cli::RunFiles files;
  files.add_inputs("an argument", options.arguments);
  cli::check_files_or_throw(std::move(files), options.common.report);
  const std::vector<MeasuredVocabulary> vocabularies = take_vocabularies_or_throw(task.inputs);
  const Evaluation evaluation = measure(options, task, vocabularies);
  std::vector<VocabularyUse> uses;
  for (std::size_t i = 0; i < vocabularies.size(); ++i)
    uses.push_back(vocabulary_use(vocabularies[i].tokenizer, evaluation.token_uses[i], options.listed));
  io::OutputFile out("-");
  out.write_or_throw(evaluation_text(evaluation, vocabularies, uses));
  out.commit_or_throw();
  write_report(options, report, task, evaluation, vocabularies, uses);
  return cli::ExitCode::done;
}

}  // namespace gpt::bpe_train
