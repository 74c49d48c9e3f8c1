#include "libcommon/tokenizer/word_cache.hpp"

#include <algorithm>
#include <string>
#include <vector>

#include <doctest/doctest.h>

using gpt::tokenizer::WordCache;

namespace {

// Words of every length, and as many ids as the number says; equal beginnings and ends on purpose.
std::string word_of(std::size_t i) {
  const std::string digits = std::to_string(i);
  return std::string(1 + i % 40, 'x') + digits + std::string(i % 3, 'y');
}

std::vector<std::uint32_t> ids_of(std::size_t i) {
  return std::vector<std::uint32_t>(1 + i % 7, static_cast<std::uint32_t>(i));
}

}  // namespace

TEST_CASE("words come back with their ids, short and long, while the table grows") {
  WordCache cache;
  constexpr std::size_t kWords = 60000;
  for (std::size_t i = 0; i < kWords; ++i) cache.insert(word_of(i), ids_of(i));
  std::size_t wrong = 0;
  for (std::size_t i = 0; i < kWords; ++i) {
    const auto found = cache.find(word_of(i));
    if (!found || !std::ranges::equal(*found, ids_of(i))) ++wrong;
  }
  CHECK(wrong == 0);
  CHECK_FALSE(cache.find("never seen").has_value());
  CHECK_FALSE(cache.find("a word that is long and was never seen either").has_value());
}

TEST_CASE("zero bytes tell words of different lengths apart") {
  WordCache cache;
  const std::string one(1, '\0');
  const std::string two(2, '\0');
  cache.insert(one, std::vector<std::uint32_t>{1});
  CHECK_FALSE(cache.find(two).has_value());
  cache.insert(two, std::vector<std::uint32_t>{2});
  CHECK(cache.find(one)->front() == 1);
  CHECK(cache.find(two)->front() == 2);
}

TEST_CASE("a full cache forgets and goes on, never answering wrongly") {
  WordCache cache;
  std::size_t wrong = 0;
  for (std::size_t i = 0; i < 700000; ++i) {
    cache.insert(word_of(i), ids_of(i));
    const auto earlier = cache.find(word_of(i / 2));
    if (earlier && !std::ranges::equal(*earlier, ids_of(i / 2))) ++wrong;
    if (!cache.find(word_of(i))) ++wrong;
  }
  CHECK(wrong == 0);
}
