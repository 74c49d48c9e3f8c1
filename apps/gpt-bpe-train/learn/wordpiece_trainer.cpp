#include "apps/gpt-bpe-train/learn/wordpiece_trainer.hpp"

#include <algorithm>
#include <string_view>
#include <unordered_map>
#include <unordered_set>
#include <utility>

#include "apps/gpt-bpe-train/learn/final_words.hpp"
#include "apps/gpt-bpe-train/learn/learn_merges.hpp"
#include "libcommon/text/utf8.hpp"

namespace gpt::bpe_train {
namespace {

constexpr std::string_view kContinues = "##";

std::string utf8_of(char32_t point) {
  std::string bytes;
  text::append_utf8(bytes, point);
  return bytes;
}

// Calls visit(point, begins) for every character of a word.
template <class Visit>
void for_each_character(std::string_view word, Visit visit) {
  for (std::size_t at = 0; at < word.size();) {
    const text::DecodedPoint decoded = text::decode_utf8(word.substr(at));
    visit(decoded.point, at == 0);
    at += decoded.length;
  }
}

// How the words use a character.
struct Use {
  std::uint64_t count = 0;
  bool continues = false;  // it stands behind another one
};

using Uses = std::unordered_map<char32_t, Use>;

Uses uses_of(const WordCounts& words) {
  Uses uses;
  words.for_each([&](std::string_view word, std::uint64_t count) {
    for_each_character(word, [&](char32_t point, bool begins) {
      Use& use = uses[point];
      use.count += count;
      use.continues |= !begins;
    });
  });
  return uses;
}

// The characters that get tokens, by code point.
std::vector<char32_t> alphabet_of(const Uses& uses, const WordPieceSettings& settings) {
  std::unordered_map<char32_t, std::uint64_t> ranks;
  for (const auto& [point, use] : uses) ranks[point] = use.count;
  for (const char32_t point : settings.characters) ranks[point] = UINT64_MAX;
  std::vector<std::pair<char32_t, std::uint64_t>> sorted(ranks.begin(), ranks.end());
  std::sort(sorted.begin(), sorted.end(), [](const auto& a, const auto& b) {
    return a.second != b.second ? a.second > b.second : a.first < b.first;
  });
  sorted.resize(std::min(sorted.size(), settings.most_characters));
  std::vector<char32_t> alphabet;
  for (const auto& [point, rank] : sorted) alphabet.push_back(point);
  std::sort(alphabet.begin(), alphabet.end());
  return alphabet;
}

// The tokens of the characters, at the beginning of a word and behind.
struct CharacterIds {
  std::unordered_map<char32_t, std::uint32_t> beginning;
  std::unordered_map<char32_t, std::uint32_t> continuing;
};

// A special token of one character is a token of the alphabet too.
CharacterIds add_alphabet(const Uses& uses, const WordPieceSettings& settings, TokenIds& vocabulary) {
  CharacterIds ids;
  for (const char32_t point : alphabet_of(uses, settings)) vocabulary.id_of(utf8_of(point));
  std::vector<char32_t> used;
  for (const auto& [point, use] : uses) used.push_back(point);
  std::sort(used.begin(), used.end());
  for (const char32_t point : used) {
    const auto id = vocabulary.known_id(utf8_of(point));
    if (!id) continue;
    ids.beginning.emplace(point, *id);
    if (uses.at(point).continues)
      ids.continuing.emplace(point, vocabulary.id_of(std::string(kContinues) + utf8_of(point)));
  }
  return ids;
}

CorpusWords corpus_of(const WordCounts& words, const CharacterIds& character_ids) {
  CorpusWords corpus;
  std::vector<std::uint32_t> ids;
  words.for_each([&](std::string_view word, std::uint64_t count) {
    ids.clear();
    for_each_character(word, [&](char32_t point, bool begins) {
      const auto& known = begins ? character_ids.beginning : character_ids.continuing;
      if (const auto found = known.find(point); found != known.end()) ids.push_back(found->second);
    });
    corpus.add_or_throw(ids, count);
  });
  return corpus;
}

std::string join(const std::string& left, const std::string& right) {
  return left + (right.starts_with(kContinues) ? right.substr(kContinues.size()) : right);
}

}  // namespace

TrainedVocabulary train_wordpiece_or_throw(const WordCounts& words, const WordPieceSettings& settings,
                                           const std::function<void(std::uint64_t)>& progress) {
  TokenIds vocabulary;
  for (const std::string& token : settings.special_tokens) vocabulary.id_of(token);
  const CharacterIds character_ids = add_alphabet(uses_of(words), settings, vocabulary);
  check_room_or_throw(vocabulary, settings.vocabulary_size, "alphabet and special tokens");
  CorpusWords corpus = corpus_of(words, character_ids);
  learn_merges_or_throw(corpus, vocabulary, {settings.vocabulary_size, settings.min_frequency}, join,
                        progress);
  TrainedVocabulary result;
  result.corpus_tokens = corpus.tokens();
  result.words = final_words(words, corpus);
  result.token_counts = corpus.token_counts(vocabulary.size());
  result.tokens = vocabulary.take();
  return result;
}

}  // namespace gpt::bpe_train
