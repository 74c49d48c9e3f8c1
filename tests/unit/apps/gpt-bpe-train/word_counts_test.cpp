#include "apps/gpt-bpe-train/count/word_counts.hpp"

#include <map>
#include <string>

#include <doctest/doctest.h>

using gpt::bpe_train::WordCounts;

namespace {

std::map<std::string, std::uint64_t> as_map(const WordCounts& counts) {
  std::map<std::string, std::uint64_t> map;
  counts.for_each([&](std::string_view word, std::uint64_t count) { map.emplace(word, count); });
  return map;
}

}  // namespace

TEST_CASE("words are counted while the table grows, and tables add up") {
  WordCounts counts;
  WordCounts other;
  std::map<std::string, std::uint64_t> expected;
  for (int i = 0; i < 100000; ++i) {
    const std::string word = "w" + std::to_string(i * 7919 % 30000);
    (i % 3 == 0 ? other : counts).add(word, static_cast<std::uint64_t>(i % 5 + 1));
    expected[word] += static_cast<std::uint64_t>(i % 5 + 1);
  }
  counts.add_all(other);
  CHECK(counts.distinct() == expected.size());
  CHECK(as_map(counts) == expected);
  std::uint64_t total = 0;
  for (const auto& [word, count] : expected) total += count;
  CHECK(counts.total() == total);
}

TEST_CASE("words may hold any bytes and have any length") {
  WordCounts counts;
  const std::string zero(1, '\0');
  const std::string zeros(2, '\0');
  const std::string longest(1 << 20, 'x');
  for (const std::string& word : {zero, zeros, longest, longest}) counts.add(word);
  CHECK(as_map(counts) == std::map<std::string, std::uint64_t>{{zero, 1}, {zeros, 1}, {longest, 2}});
}

TEST_CASE("a batch counts what single additions count, for words of every length") {
  WordCounts counts;
  std::map<std::string, std::uint64_t> expected;
  {
    WordCounts::Batch batch(counts);
    for (std::size_t i = 0; i < 20000; ++i) {
      const std::string word = std::string(i % 41, static_cast<char>(i % 3)) + std::to_string(i % 700);
      batch.add(word);
      ++expected[word];
    }
  }
  CHECK(as_map(counts) == expected);
}

TEST_CASE("large tables without a word in common add up") {
  WordCounts counts;
  WordCounts other;
  for (int i = 0; i < 200'000; ++i) (i % 2 == 0 ? counts : other).add("w" + std::to_string(i));
  counts.add_all(other);
  CHECK(counts.distinct() == 200'000);
  CHECK(counts.total() == 200'000);
}
