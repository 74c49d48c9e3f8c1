#include "apps/gpt-bpe-train/bpe_trainer.hpp"

#include <algorithm>
#include <array>
#include <stdexcept>
#include <unordered_map>
#include <unordered_set>

#include "apps/gpt-bpe-train/merge_queue.hpp"
#include "apps/gpt-bpe-train/merge_words.hpp"
#include "apps/gpt-bpe-train/pair_counts.hpp"
#include "libcommon/cli/stop_signals.hpp"
#include "libcommon/tokenizer/byte_symbols.hpp"

namespace gpt::bpe_train {
namespace {

using tokenizer::symbol_of_byte;
using tokenizer::symbol_text;

// Tokens in the order of their ids.
class Vocabulary {
 public:
  // The id of a token, which is given one if it has none yet.
  std::uint32_t id_of(const std::string& token) {
    const auto [found, is_new] = ids_.try_emplace(token, static_cast<std::uint32_t>(tokens_.size()));
    if (is_new) tokens_.push_back(token);
    return found->second;
  }
  const std::string& operator[](std::uint32_t id) const { return tokens_[id]; }
  std::size_t size() const { return tokens_.size(); }
  std::vector<std::string> take() { return std::move(tokens_); }

 private:
  std::vector<std::string> tokens_;
  std::unordered_map<std::string, std::uint32_t> ids_;
};

std::array<bool, 256> bytes_seen(const WordCounts& words) {
  std::array<bool, 256> seen{};
  words.for_each([&](std::string_view word, std::uint64_t) {
    for (const char c : word) seen[static_cast<unsigned char>(c)] = true;
  });
  return seen;
}

// The alphabet by code point of its symbols.
std::vector<std::uint8_t> alphabet_of(const WordCounts& words, Alphabet alphabet) {
  const std::array<bool, 256> seen = bytes_seen(words);
  std::vector<std::uint8_t> bytes;
  for (unsigned byte = 0; byte < 256; ++byte) {
    if (alphabet == Alphabet::all || seen[byte]) bytes.push_back(static_cast<std::uint8_t>(byte));
  }
  std::sort(bytes.begin(), bytes.end(),
            [](std::uint8_t a, std::uint8_t b) { return symbol_of_byte(a) < symbol_of_byte(b); });
  return bytes;
}

CorpusWords corpus_of(const WordCounts& words, const std::array<std::uint32_t, 256>& byte_ids) {
  CorpusWords corpus;
  std::vector<std::uint32_t> ids;
  words.for_each([&](std::string_view word, std::uint64_t count) {
    ids.clear();
    for (const char c : word) ids.push_back(byte_ids[static_cast<unsigned char>(c)]);
    corpus.add_or_throw(ids, count);
  });
  return corpus;
}

// Merges as they go to the file: a pair that was merged in several steps stands where it was merged last.
std::vector<std::pair<std::string, std::string>> merge_lines(const std::vector<Pair>& merges,
                                                             const Vocabulary& vocabulary) {
  std::unordered_set<Pair> seen;
  std::vector<std::pair<std::string, std::string>> lines;
  for (std::size_t i = merges.size(); i-- > 0;) {
    if (seen.insert(merges[i]).second)
      lines.emplace_back(vocabulary[left_of(merges[i])], vocabulary[right_of(merges[i])]);
  }
  std::reverse(lines.begin(), lines.end());
  return lines;
}

}  // namespace

TrainedVocabulary train_bpe_or_throw(const WordCounts& words, const TrainerSettings& settings,
                                     const std::function<void(std::uint64_t)>& progress) {
  Vocabulary vocabulary;
  for (const std::string& token : settings.special_tokens) vocabulary.id_of(token);
  std::array<std::uint32_t, 256> byte_ids{};
  for (const std::uint8_t byte : alphabet_of(words, settings.alphabet))
    byte_ids[byte] = vocabulary.id_of(std::string(symbol_text(byte)));
  if (vocabulary.size() > settings.vocabulary_size) {
    throw std::invalid_argument("a vocabulary of " + std::to_string(settings.vocabulary_size) +
                                " entries cannot hold the " + std::to_string(vocabulary.size()) +
                                " of alphabet and special tokens: give a larger --vocab-size");
  }

  CorpusWords corpus = corpus_of(words, byte_ids);
  PairCounts counts;
  WordLists lists;
  MergeQueue queue;
  for (const Candidate& candidate : first_candidates(corpus, counts, lists)) queue.push(candidate);
  PairMerger merger(corpus, counts, lists, settings.vocabulary_size);
  std::vector<Pair> merges;
  const auto least = static_cast<std::int64_t>(std::max<std::uint64_t>(1, settings.min_frequency));
  while (vocabulary.size() < settings.vocabulary_size) {
    auto next = queue.pop();
    if (!next) break;
    if (const std::int64_t current = counts[next->pair]; current != next->count) {
      next->count = current;
      if (current > 0) queue.push(*next);
      continue;
    }
    if (next->count < least) break;
    cli::throw_if_stop_requested();
    const std::uint32_t merged =
        vocabulary.id_of(vocabulary[left_of(next->pair)] + vocabulary[right_of(next->pair)]);
    merges.push_back(next->pair);
    for (const Candidate& candidate : merger.merge(*next, merged)) queue.push(candidate);
    progress(vocabulary.size());
  }

  TrainedVocabulary result;
  result.merges = merge_lines(merges, vocabulary);
  result.tokens = vocabulary.take();
  result.corpus_tokens = corpus.tokens();
  return result;
}

}  // namespace gpt::bpe_train
