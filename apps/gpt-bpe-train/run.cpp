#include "apps/gpt-bpe-train/run.hpp"

#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "apps/gpt-bpe-train/count/count_stage.hpp"
#include "apps/gpt-bpe-train/count/kept_counts.hpp"
#include "apps/gpt-bpe-train/count/task_identity.hpp"
#include "apps/gpt-bpe-train/evaluate/evaluate.hpp"
#include "apps/gpt-bpe-train/files/output_folder.hpp"
#include "apps/gpt-bpe-train/files/tokenizer_files.hpp"
#include "apps/gpt-bpe-train/files/wordpiece_files.hpp"
#include "apps/gpt-bpe-train/learn/earlier_vocabulary.hpp"
#include "apps/gpt-bpe-train/learn/wordpiece_trainer.hpp"
#include "apps/gpt-bpe-train/training_report.hpp"
#include "libcommon/cli/run_files.hpp"
#include "libcommon/cli/stop_signals.hpp"
#include "libcommon/io/byte_source.hpp"
#include "libcommon/io/errors.hpp"
#include "libcommon/io/output_place.hpp"
#include "libcommon/log/logger.hpp"
#include "libcommon/log/progress.hpp"
#include "libcommon/log/run_report.hpp"
#include "libcommon/tokenizer/vocabulary_files.hpp"

namespace gpt::bpe_train {
namespace {

io::Existing existing_of(const Options& options) {
  return options.common.force ? io::Existing::replace : io::Existing::refuse;
}

TrainerSettings settings_or_throw(const Options& options) {
  TrainerSettings settings = options.trainer;
  if (options.continue_from.empty()) return settings;
  EarlierVocabulary earlier = load_earlier_or_throw(options.continue_from, options.count.splitting);
  settings.earlier = std::move(earlier.vocabulary);
  // Theirs have their ids already; they stay special.
  settings.special_tokens.insert(settings.special_tokens.begin(), earlier.special_tokens.begin(),
                                 earlier.special_tokens.end());
  return settings;
}

void check_not_empty_or_throw(const Options& options, const Corpus& corpus) {
  if (corpus.words.distinct() != 0) return;
  const auto& sources = options.from_counts.empty() ? options.count.inputs : options.from_counts;
  throw io::DataError(sources.front(), sources.size() == 1
                                           ? "holds no text to learn a vocabulary from"
                                           : "and the other inputs hold no text to learn a vocabulary from");
}

// The words to train on: kept from an interrupted run, or counted now.
Corpus corpus_or_throw(const Options& options, const KeptCounts& kept) {
  if (auto corpus = kept.load_or_throw()) return std::move(*corpus);
  CountResult counts = count_or_throw(options);
  if (!options.counts_out.empty()) write_counts_or_throw(options, counts);
  TrainingWords words = take_words_or_throw(std::move(counts.words), options.count.memory);
  Corpus corpus{std::move(words.words), std::move(counts.summary), counts.errors.first_messages()};
  corpus.summary.dropped = words.dropped;
  check_not_empty_or_throw(options, corpus);
  log::debug(std::to_string(corpus.words.distinct()) + " distinct words are counted");
  return corpus;
}

TrainedVocabulary train_or_throw(const Options& options, const TrainerSettings& settings,
                                 const WordCounts& words,
                                 const std::function<void(std::uint64_t)>& progress) {
  if (options.algorithm == Algorithm::bpe) return train_bpe_or_throw(words, settings, progress);
  return train_wordpiece_or_throw(words,
                                  {settings.vocabulary_size, settings.min_frequency, settings.special_tokens,
                                   options.most_characters, options.characters},
                                  progress);
}

std::vector<std::string> file_names(Algorithm algorithm) {
  if (algorithm == Algorithm::wordpiece) return {"vocab.txt", "tokenizer.json", "tokenizer_config.json"};
  return {"vocab.json", "merges.txt", "tokenizer.json", "tokenizer_config.json"};
}

std::vector<NamedFile> files_of(const Options& options, const TrainerSettings& settings,
                                const TrainedVocabulary& vocabulary) {
  const auto& special_tokens = settings.special_tokens;
  const WordSplitting& splitting = options.count.splitting;
  if (options.algorithm == Algorithm::wordpiece) {
    return {{"vocab.txt", wordpiece_vocabulary_text(vocabulary.tokens)},
            {"tokenizer.json", wordpiece_tokenizer_json(vocabulary.tokens, special_tokens, *splitting.bert)},
            {"tokenizer_config.json", wordpiece_config_json(special_tokens, *splitting.bert)}};
  }
  return {{"vocab.json", tokenizer::vocabulary_json(vocabulary.tokens)},
          {"merges.txt", tokenizer::merges_text(vocabulary.merges)},
          {"tokenizer.json", tokenizer_json(vocabulary, special_tokens, splitting)},
          {"tokenizer_config.json", tokenizer_config_json(special_tokens, splitting)}};
}

TrainedVocabulary train_or_keep(const Options& options, const TrainerSettings& settings, const Corpus& corpus,
                                const KeptCounts& kept) {
  log::Progress progress(options.common.progress, "tokens", options.trainer.vocabulary_size);
  try {
    auto result = train_or_throw(options, settings, corpus.words,
                                 [&](std::uint64_t tokens) { progress.update(tokens); });
    progress.finish();
    return result;
  } catch (const cli::StoppedOnRequest&) {
    if (kept.keep_or_throw(corpus)) log::info("the word counts are kept in " + kept.path());
    throw;
  }
}

// Counts alone, no vocabulary.
cli::ExitCode run_counting(const Options& options, log::RunReport& report) {
  const std::string part = io::part_name(options.counts_out, options.count.shard);
  if (!options.count.shard.is_everything() && !options.common.force && is_counted_or_throw(options)) {
    log::info(part + " is there already: nothing to do");
    return cli::ExitCode::done;
  }
  io::check_output_place_or_throw(part, existing_of(options));
  CountResult counts = count_or_throw(options);
  const std::uint64_t distinct = write_counts_or_throw(options, counts);
  log::info(part + ": " + std::to_string(distinct) + " distinct words of " +
            std::to_string(counts.summary.documents) + " documents");
  fill_counts(report, options, counts.summary, counts.errors.first_messages());
  report.set("unique_words", distinct);
  return cli::ExitCode::done;
}

// The report stays that of training.
EvaluateOptions evaluation_of(const Options& options) {
  EvaluateOptions evaluation;
  evaluation.common = options.common;
  evaluation.common.report.reset();
  evaluation.arguments = {options.output, options.evaluate_on};
  evaluation.task.format = options.count.format;
  evaluation.task.json_key = options.count.json_key;
  evaluation.task.on_error = options.count.on_error;
  evaluation.task.threads = options.common.threads;
  return evaluation;
}

cli::ExitCode run_training(const Options& options, log::RunReport& report) {
  if (!options.counts_out.empty()) io::check_output_place_or_throw(options.counts_out, existing_of(options));
  if (!options.evaluate_on.empty()) io::open_input_or_throw(options.evaluate_on);  // before long work
  OutputFolder folder(options.output, file_names(options.algorithm), existing_of(options));
  const TrainerSettings settings = settings_or_throw(options);
  const bool counts_inputs_alone = options.from_counts.empty() && options.counts_out.empty();
  const KeptCounts kept(folder.path(), counts_inputs_alone ? origin_of(options.count) : std::nullopt);
  const Corpus corpus = corpus_or_throw(options, kept);
  const TrainedVocabulary vocabulary = train_or_keep(options, settings, corpus, kept);
  folder.write_or_throw(files_of(options, settings, vocabulary));
  kept.remove();
  say_result(options, corpus, vocabulary);
  fill_counts(report, options, corpus.summary, corpus.first_errors);
  fill_training(report, corpus, vocabulary);
  return options.evaluate_on.empty() ? cli::ExitCode::done : evaluate(evaluation_of(options));
}

void check_files_or_throw(const Options& options) {
  cli::RunFiles files;
  if (!options.counts_out.empty())
    files.add_output("--counts-out", io::part_name(options.counts_out, options.count.shard));
  files.add_inputs("an input", options.count.inputs);
  files.add_inputs("--from-counts", options.from_counts);
  files.add_input("--evaluate", options.evaluate_on);
  cli::check_files_or_throw(std::move(files), options.common.report, options.count.shard);
}

}  // namespace

cli::ExitCode run(const Options& options) {
  log::RunReport report("gpt-bpe-train");
  check_files_or_throw(options);
  if (options.pretrained_is_ignored) {
    log::warning(
        "--load-pretrained changes nothing here, as in the script it comes from: to keep a vocabulary and "
        "add to it, give --continue-from FOLDER");
  }
  if (options.prefix_space_of_labs) {
    log::info(
        "--bpe-path: a space is put before each line, as the labs' script does; --no-add-prefix-space or "
        "--output leaves it out");
  }
  const cli::ExitCode code =
      options.output.empty() ? run_counting(options, report) : run_training(options, report);
  if (options.common.report)
    report.write_or_throw(io::part_name(*options.common.report, options.count.shard));
  return code;
}

}  // namespace gpt::bpe_train
