#include "apps/gpt-dedup/compare/comparison.hpp"

#include <cmath>
#include <string>

#include <doctest/doctest.h>

using namespace gpt::dedup;

TEST_CASE("two texts are as alike as their shingle sets") {
  const MinHashOptions options;
  const Comparison same = compare_texts("the same text", "the same text", options, 1);
  CHECK(same.jaccard == 1);
  CHECK(same.minhash == 1);
  CHECK(same.signature == 1);
  CHECK(same.bands.size() == 20);
  CHECK(same.probability == 1);

  // abcde bcdef cdefg | bcdef cdefg defgh: 2 of 4
  const Comparison half = compare_texts("abcdefg", "bcdefgh", options, 1);
  CHECK(half.first_shingles == 3);
  CHECK(half.second_shingles == 3);
  CHECK(half.common_shingles == 2);
  CHECK(half.jaccard == 0.5);
  CHECK(half.probability == doctest::Approx(1 - std::pow(1 - std::pow(0.5, 5), 20)));

  const Comparison none = compare_texts("abcdefg", "ABCDEFG", options, 1);
  CHECK(none.jaccard == 0);
  CHECK(none.minhash == 0);
  CHECK_FALSE(none.candidates());
}

TEST_CASE("a text without a shingle is like no other, by every measure") {
  const MinHashOptions options;
  for (const auto& [first, second] :
       {std::pair("", ""), std::pair("", "abcdefg"), std::pair("abcdefg", "")}) {
    const Comparison comparison = compare_texts(first, second, options, 1);
    CHECK(comparison.has_no_shingles());
    CHECK(comparison.jaccard == 0);
    CHECK(comparison.minhash == 0);
    CHECK(comparison.signature == 0);
    CHECK_FALSE(comparison.candidates());
    CHECK(comparison.probability == 0);
  }
}

TEST_CASE("the estimates come near the Jaccard index with many seeds; that of sets counts both unions") {
  std::string first, second;
  for (int i = 0; i < 400; ++i) first += "word" + std::to_string(i) + " ";
  second = first.substr(0, first.size() * 3 / 4) + std::string(first.rbegin(), first.rbegin() + 700);
  MinHashOptions options;
  options.seeds = 4000;
  options.bands = 1000;
  const Comparison comparison = compare_texts(first, second, options, 7);
  const double j = comparison.jaccard;
  CHECK(j > 0.3);
  CHECK(j < 0.9);
  const double error = std::sqrt(j * (1 - j) / options.seeds);
  CHECK(std::abs(comparison.signature - j) < 4 * error);
  // Of n seeds about jn agree, so that the sets share jn numbers of (2 - j) n.
  CHECK(std::abs(comparison.minhash - j / (2 - j)) < 8 * error);
}
