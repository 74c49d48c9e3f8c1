#include "apps/gpt-bpe-train/learn/bpe_trainer.hpp"

#include <algorithm>
#include <array>
#include <span>
#include <stdexcept>
#include <unordered_set>

#include "apps/gpt-bpe-train/learn/earlier_merges.hpp"
#include "apps/gpt-bpe-train/learn/final_words.hpp"
#include "apps/gpt-bpe-train/learn/learn_merges.hpp"
#include "libcommon/tokenizer/byte_symbols.hpp"

namespace gpt::bpe_train {
namespace {

using tokenizer::symbol_of_byte;
using tokenizer::symbol_text;

std::uint32_t known_id_or_throw(const TokenIds& ids, const std::string& token) {
  if (const auto id = ids.known_id(token)) return *id;
  throw std::invalid_argument("a merge has or makes '" + token + "', which is not in the vocabulary");
}

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

// The earlier merges by ids, none of them twice: loading refuses such a vocabulary.
std::vector<MergeOfIds> earlier_merges_or_throw(const Vocabulary& earlier, const TokenIds& ids) {
  std::vector<MergeOfIds> merges;
  for (const auto& [left, right] : earlier.merges) {
    merges.push_back(
        {known_id_or_throw(ids, left), known_id_or_throw(ids, right), known_id_or_throw(ids, left + right)});
  }
  return merges;
}

CorpusWords corpus_of(const WordCounts& words, const std::array<std::uint32_t, 256>& byte_ids,
                      std::span<const MergeOfIds> earlier) {
  std::size_t bytes = 0;
  words.for_each([&](std::string_view word, std::uint64_t) { bytes += word.size(); });
  CorpusWords corpus;
  corpus.reserve(words.distinct(), bytes);
  if (!earlier.empty()) {
    EarlierMerges merges(byte_ids, earlier);
    words.for_each(
        [&](std::string_view word, std::uint64_t count) { corpus.add_or_throw(merges.ids_of(word), count); });
    return corpus;
  }
  std::vector<std::uint32_t> ids;
  words.for_each([&](std::string_view word, std::uint64_t count) {
    ids.clear();
    for (const char c : word) ids.push_back(byte_ids[static_cast<unsigned char>(c)]);
    corpus.add_or_throw(ids, count);
  });
  return corpus;
}

// Merges as they go to the file: the earlier ones as they were; of the others, a pair that was merged in
// several steps stands where it was merged last.
std::vector<std::pair<std::string, std::string>> merge_lines(const Vocabulary& earlier,
                                                             std::span<const MergeOfIds> earlier_merges,
                                                             const std::vector<Pair>& merges,
                                                             const TokenIds& vocabulary) {
  std::unordered_set<Pair> seen;
  for (const MergeOfIds& merge : earlier_merges) seen.insert(pair_of(merge.left, merge.right));
  std::vector<std::pair<std::string, std::string>> lines;
  for (std::size_t i = merges.size(); i-- > 0;) {
    if (seen.insert(merges[i]).second)
      lines.emplace_back(vocabulary[left_of(merges[i])], vocabulary[right_of(merges[i])]);
  }
  lines.insert(lines.end(), earlier.merges.rbegin(), earlier.merges.rend());
  std::reverse(lines.begin(), lines.end());
  return lines;
}

}  // namespace

TrainedVocabulary train_bpe_or_throw(const WordCounts& words, const TrainerSettings& settings,
                                     const std::function<void(std::uint64_t)>& progress) {
  TokenIds vocabulary;
  for (const std::string& token : settings.earlier.tokens) vocabulary.id_of(token);
  const auto earlier = earlier_merges_or_throw(settings.earlier, vocabulary);
  for (const std::string& token : settings.special_tokens) vocabulary.id_of(token);
  std::array<std::uint32_t, 256> byte_ids{};
  for (const std::uint8_t byte : alphabet_of(words, settings.alphabet))
    byte_ids[byte] = vocabulary.id_of(std::string(symbol_text(byte)));
  check_room_or_throw(vocabulary, settings.vocabulary_size,
                      std::string("alphabet and special tokens") +
                          (settings.earlier.tokens.empty() ? "" : " and the earlier vocabulary"));
  CorpusWords corpus = corpus_of(words, byte_ids, earlier);
  const std::vector<Pair> merges = learn_merges_or_throw(
      corpus, vocabulary, {settings.vocabulary_size, settings.min_frequency},
      [](const std::string& left, const std::string& right) { return left + right; }, progress);
  TrainedVocabulary result;
  result.merges = merge_lines(settings.earlier, earlier, merges, vocabulary);
  result.tokens = vocabulary.take();
  result.corpus_tokens = corpus.tokens();
  result.words = final_words(words, corpus);
  result.token_counts = corpus.token_counts(result.tokens.size());
  return result;
}

}  // namespace gpt::bpe_train
