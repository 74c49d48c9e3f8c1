#include "apps/gpt-bpe-train/learn/merge_words.hpp"

#include <stdexcept>

#include <doctest/doctest.h>

using namespace gpt::bpe_train;

TEST_CASE("words that have no names left are refused, not mixed up") {
  // A word takes three cells and one for each id.
  CorpusWords corpus(20);
  const std::vector<std::uint32_t> ids = {1, 2, 3};
  for (int i = 0; i < 3; ++i) corpus.add_or_throw(ids, 1);
  CHECK_THROWS_WITH_AS(corpus.add_or_throw(ids, 1), doctest::Contains("more than can be trained on"),
                       std::length_error);
  CHECK(corpus.tokens() == 9);
}

TEST_CASE("words keep their counts and what is left of them, with cells free between") {
  CorpusWords corpus;
  const std::uint64_t large = (std::uint64_t{1} << 40) + UINT32_MAX;  // its low cell looks like a free one
  corpus.add_or_throw(std::vector<std::uint32_t>{1, 2, 3, 4}, large);
  corpus.add_or_throw(std::vector<std::uint32_t>{}, 7);
  corpus.add_or_throw(std::vector<std::uint32_t>{5}, 2);
  corpus.shorten(0, 1);
  std::vector<std::pair<std::int64_t, std::size_t>> seen;
  corpus.for_each(
      [&](CorpusWords::Word word) { seen.emplace_back(corpus.count(word), corpus.ids(word).size()); });
  CHECK(seen == std::vector<std::pair<std::int64_t, std::size_t>>{{large, 1}, {7, 0}, {2, 1}});
  CHECK(corpus.tokens() == large + 2);
  CHECK(corpus.token_counts(6) == std::vector<std::uint64_t>{0, large, 0, 0, 0, 2});
}
