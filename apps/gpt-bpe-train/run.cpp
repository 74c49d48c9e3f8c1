#include "apps/gpt-bpe-train/run.hpp"

#include <cstdio>
#include <string>

#include "apps/gpt-bpe-train/earlier_vocabulary.hpp"
#include "apps/gpt-bpe-train/output_folder.hpp"
#include "apps/gpt-bpe-train/tokenizer_files.hpp"
#include "libcommon/io/errors.hpp"
#include "libcommon/log/logger.hpp"
#include "libcommon/log/progress.hpp"
#include "libcommon/log/run_report.hpp"
#include "libcommon/tokenizer/vocabulary_files.hpp"

namespace gpt::bpe_train {
namespace {

CountResult count(const Options& options) {
  log::Progress progress(options.common.progress, "bytes");
  CountResult result =
      count_words_or_throw(options.count, [&](std::uint64_t bytes) { progress.update(bytes); });
  progress.finish();
  if (result.errors.count() != 0) log::warning(result.errors.summary());
  if (result.words.distinct() == 0) {
    throw io::DataError(options.count.inputs.front(),
                        options.count.inputs.size() == 1
                            ? "holds no text to learn a vocabulary from"
                            : "and the other inputs hold no text to learn a vocabulary from");
  }
  return result;
}

TrainerSettings settings_or_throw(const Options& options) {
  TrainerSettings settings = options.trainer;
  if (!options.continue_from.empty()) settings.earlier = load_vocabulary_or_throw(options.continue_from);
  return settings;
}

TrainedVocabulary train(const Options& options, const TrainerSettings& settings, const WordCounts& words) {
  log::Progress progress(options.common.progress, "tokens", options.trainer.vocabulary_size);
  auto result = train_bpe_or_throw(words, settings, [&](std::uint64_t tokens) { progress.update(tokens); });
  progress.finish();
  return result;
}

struct Figures {
  std::uint64_t words;
  double bytes_per_token;
};

void say(const Options& options, const CountResult& counts, const TrainedVocabulary& vocabulary,
         const Figures& figures) {
  char ratio[32];
  std::snprintf(ratio, sizeof ratio, "%.3f", figures.bytes_per_token);
  log::info(options.output + ": " + std::to_string(vocabulary.tokens.size()) + " tokens, " +
            std::to_string(vocabulary.merges.size()) + " of them merges, from " +
            std::to_string(figures.words) + " words (" + std::to_string(counts.words.distinct()) +
            " distinct) in " + std::to_string(counts.documents) + " documents; " + ratio +
            " bytes per token");
  if (vocabulary.tokens.size() < options.trainer.vocabulary_size) {
    log::warning("the vocabulary has " + std::to_string(vocabulary.tokens.size()) + " entries instead of " +
                 std::to_string(options.trainer.vocabulary_size) +
                 ": no pair is left that is frequent enough (--min-frequency), or the text is too short");
  }
}

void write_report(const Options& options, log::RunReport& report, const CountResult& counts,
                  const TrainedVocabulary& vocabulary, const Figures& figures) {
  if (!options.common.report) return;
  report.set("inputs", options.count.inputs);
  report.set("output", options.output);
  report.set("documents", counts.documents);
  report.set("documents_left_out", counts.documents_left_out);
  report.set("bad_records", counts.errors.count());
  report.set("first_errors", counts.errors.first_messages());
  report.set("bytes", counts.text_bytes);
  report.set("input_bytes", counts.input_bytes);
  report.set("words", figures.words);
  report.set("unique_words", std::uint64_t{counts.words.distinct()});
  report.set("tokens", vocabulary.corpus_tokens);
  report.set("vocabulary_size", std::uint64_t{vocabulary.tokens.size()});
  report.set("merges", std::uint64_t{vocabulary.merges.size()});
  report.set("bytes_per_token", figures.bytes_per_token);
  report.write_or_throw(*options.common.report);
}

}  // namespace

cli::ExitCode run(const Options& options) {
  log::RunReport report("gpt-bpe-train");
  OutputFolder folder(options.output, {"vocab.json", "merges.txt", "tokenizer.json", "tokenizer_config.json"},
                      options.common.force ? io::Existing::replace : io::Existing::refuse);
  const TrainerSettings settings = settings_or_throw(options);
  if (options.pretrained_is_ignored) {
    log::warning(
        "--load-pretrained changes nothing here, as in the script it comes from: to keep a vocabulary and "
        "add to it, give --continue-from FOLDER");
  }
  const CountResult counts = count(options);
  const TrainedVocabulary vocabulary = train(options, settings, counts.words);
  const WordSplitting& splitting = options.count.splitting;
  folder.write_or_throw(
      {{"vocab.json", tokenizer::vocabulary_json(vocabulary.tokens)},
       {"merges.txt", tokenizer::merges_text(vocabulary.merges)},
       {"tokenizer.json", tokenizer_json(vocabulary, settings.special_tokens, splitting)},
       {"tokenizer_config.json", tokenizer_config_json(settings.special_tokens, splitting)}});
  const Figures figures{counts.words.total(), static_cast<double>(counts.text_bytes) /
                                                  static_cast<double>(vocabulary.corpus_tokens)};
  say(options, counts, vocabulary, figures);
  write_report(options, report, counts, vocabulary, figures);
  return cli::ExitCode::done;
}

}  // namespace gpt::bpe_train
