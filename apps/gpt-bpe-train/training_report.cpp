#include "apps/gpt-bpe-train/training_report.hpp"

#include <cstdio>

#include "libcommon/log/logger.hpp"

namespace gpt::bpe_train {
namespace {

void say_dropped(const DroppedWords& dropped) {
  if (dropped.below == 0) return;
  log::warning("--memory does not hold all words: " + std::to_string(dropped.words) +
               " that are seen fewer than " + std::to_string(dropped.below) + " times are left out, " +
               std::to_string(dropped.occurrences) + " occurrences in all");
}

struct Figures {
  std::uint64_t words = 0;
  double bytes_per_token = 0;
};

Figures figures_of(const Corpus& corpus, const TrainedVocabulary& vocabulary) {
  std::uint64_t bytes = corpus.summary.text_bytes;
  if (corpus.summary.dropped.below != 0) {
    bytes = 0;
    corpus.words.for_each([&](std::string_view word, std::uint64_t count) { bytes += word.size() * count; });
  }
  return {corpus.words.total(), static_cast<double>(bytes) / static_cast<double>(vocabulary.corpus_tokens)};
}

}  // namespace

void say_result(const Options& options, const Corpus& corpus, const TrainedVocabulary& vocabulary) {
  const Figures figures = figures_of(corpus, vocabulary);
  say_dropped(corpus.summary.dropped);
  char ratio[32];
  std::snprintf(ratio, sizeof ratio, "%.3f", figures.bytes_per_token);
  log::info(options.output + ": " + std::to_string(vocabulary.tokens.size()) + " tokens, " +
            std::to_string(vocabulary.merges.size()) + " of them merges, from " +
            std::to_string(figures.words) + " words (" + std::to_string(corpus.words.distinct()) +
            " distinct) in " + std::to_string(corpus.summary.documents) + " documents; " + ratio +
            " bytes per token");
  if (vocabulary.tokens.size() < options.trainer.vocabulary_size) {
    log::warning("the vocabulary has " + std::to_string(vocabulary.tokens.size()) + " entries instead of " +
                 std::to_string(options.trainer.vocabulary_size) +
                 ": no pair is left that is frequent enough (--min-frequency), or the text is too short");
  }
}

void fill_counts(log::RunReport& report, const Options& options, const CountsSummary& summary,
                 const std::vector<std::string>& first_errors) {
  report.set("inputs", options.from_counts.empty() ? options.count.inputs : options.from_counts);
  if (!options.counts_out.empty()) report.set("counts_out", options.counts_out);
  if (!options.output.empty()) report.set("output", options.output);
  report.set("documents", summary.documents);
  report.set("documents_left_out", summary.documents_left_out);
  report.set("bad_records", summary.bad_records);
  report.set("first_errors", first_errors);
  report.set("bytes", summary.text_bytes);
  report.set("input_bytes", summary.input_bytes);
}

void fill_training(log::RunReport& report, const Corpus& corpus, const TrainedVocabulary& vocabulary) {
  const Figures figures = figures_of(corpus, vocabulary);
  report.set("words", figures.words);
  report.set("unique_words", std::uint64_t{corpus.words.distinct()});
  report.set("dropped_words", corpus.summary.dropped.words);
  report.set("dropped_occurrences", corpus.summary.dropped.occurrences);
  report.set("tokens", vocabulary.corpus_tokens);
  report.set("vocabulary_size", std::uint64_t{vocabulary.tokens.size()});
  report.set("merges", std::uint64_t{vocabulary.merges.size()});
  report.set("bytes_per_token", figures.bytes_per_token);
}

}  // namespace gpt::bpe_train
