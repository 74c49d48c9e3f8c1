#include "apps/gpt-bpe-train/training_report.hpp"

#include <algorithm>
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

std::string fixed(double value, int decimals) {
  char text[64];
  std::snprintf(text, sizeof text, "%.*f", decimals, value);
  return text;
}

double share(std::uint64_t part, std::uint64_t whole) {
  return whole == 0 ? 0 : static_cast<double>(part) / static_cast<double>(whole);
}

// Entries that the merges left in none of the words: parts of others, bytes that do not occur, special
// tokens.
std::uint64_t unreached(const TrainedVocabulary& vocabulary) {
  return static_cast<std::uint64_t>(
      std::count(vocabulary.token_counts.begin(), vocabulary.token_counts.end(), 0));
}

// The picture of the result in a line; gpt-bpe-train evaluate tells more, of other texts too.
void say_words(const TrainedVocabulary& vocabulary) {
  const WordFigures& words = vocabulary.words;
  log::info("words of letters: " + fixed(share(words.tokens, words.words), 3) + " tokens each, " +
            fixed(100 * share(words.kept_whole, words.words), 1) + " % of them one token; " +
            std::to_string(unreached(vocabulary)) + " of the " + std::to_string(vocabulary.tokens.size()) +
            " entries are left in no word");
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
  log::info(options.output + ": " + std::to_string(vocabulary.tokens.size()) + " tokens, " +
            (options.algorithm == Algorithm::wordpiece
                 ? "from "
                 : std::to_string(vocabulary.merges.size()) + " of them merges, from ") +
            std::to_string(figures.words) + " words (" + std::to_string(corpus.words.distinct()) +
            " distinct) in " + std::to_string(corpus.summary.documents) + " documents; " +
            fixed(figures.bytes_per_token, 3) + " bytes per token");
  say_words(vocabulary);
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
  report.set("letter_words", vocabulary.words.words);
  report.set("letter_word_tokens", vocabulary.words.tokens);
  report.set("whole_words", vocabulary.words.kept_whole);
  report.set("unreached", unreached(vocabulary));
}

}  // namespace gpt::bpe_train
