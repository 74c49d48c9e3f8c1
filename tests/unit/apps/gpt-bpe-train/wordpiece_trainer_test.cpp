#include "apps/gpt-bpe-train/learn/wordpiece_trainer.hpp"

#include <stdexcept>

#include <doctest/doctest.h>

using namespace gpt::bpe_train;

namespace {

using Tokens = std::vector<std::string>;

Tokens train(const WordCounts& words, const WordPieceSettings& settings) {
  return train_wordpiece_or_throw(words, settings, [](std::uint64_t) {}).tokens;
}

WordCounts some_words() {
  WordCounts words;
  words.add("aba", 5);
  words.add("ab", 3);
  words.add("ca", 2);
  words.add("å", 1);
  return words;
}

}  // namespace

TEST_CASE("alphabet, continuing forms and merges, each numbered in its order") {
  CHECK(train(some_words(), {.vocabulary_size = 100, .special_tokens = {"[UNK]"}}) ==
        Tokens{"[UNK]", "a", "b", "c", "å", "##a", "##b", "ab", "aba", "ca"});
  CHECK(train(some_words(), {.vocabulary_size = 100, .min_frequency = 5, .special_tokens = {"[UNK]"}}) ==
        Tokens{"[UNK]", "a", "b", "c", "å", "##a", "##b", "ab", "aba"});
}

TEST_CASE("what is left of each token in the words is counted") {
  const auto trained = train_wordpiece_or_throw(some_words(), {.vocabulary_size = 7, .special_tokens = {}},
                                                [](std::uint64_t) {});
  REQUIRE(trained.tokens == Tokens{"a", "b", "c", "å", "##a", "##b", "ab"});
  CHECK(trained.token_counts == std::vector<std::uint64_t>{0, 0, 2, 1, 7, 0, 8});
}

TEST_CASE("words go on without the rarest characters when the alphabet is limited") {
  // Left out: c and å; "ca" becomes its second character, which still continues a word.
  CHECK(train(some_words(), {.vocabulary_size = 100, .special_tokens = {}, .most_characters = 2}) ==
        Tokens{"a", "b", "##a", "##b", "ab", "aba"});
  CHECK(train(some_words(),
              {.vocabulary_size = 100, .special_tokens = {}, .most_characters = 2, .characters = U"zc"}) ==
        Tokens{"c", "z"});
}

TEST_CASE("of equally frequent characters the lower code points stay") {
  WordCounts words;
  for (const char* word : {"d", "b", "c", "a"}) words.add(word, 1);
  CHECK(train(words, {.vocabulary_size = 100, .special_tokens = {}, .most_characters = 2}) ==
        Tokens{"a", "b"});
}

TEST_CASE("a vocabulary too small for the alphabet is refused") {
  CHECK_THROWS_WITH_AS(train(some_words(), {.vocabulary_size = 6, .special_tokens = {"[UNK]"}}),
                       doctest::Contains("6 entries cannot hold the 7"), std::invalid_argument);
}
