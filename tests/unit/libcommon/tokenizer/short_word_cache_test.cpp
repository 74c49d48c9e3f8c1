#include "libcommon/tokenizer/short_word_cache.hpp"

#include <algorithm>
#include <string>
#include <vector>

#include <doctest/doctest.h>

using gpt::tokenizer::ShortWordCache;
using gpt::tokenizer::ShortWordKeys;

namespace {

constexpr std::uint32_t kNarrow = 50256;
constexpr std::uint32_t kWide = 200000;

using Ids = std::vector<std::uint32_t>;

ShortWordCache::Key key_of(const std::string& word) { return ShortWordKeys(word).key_of(word); }

Ids ids_of(std::size_t i, std::size_t most, std::uint32_t highest) {
  Ids ids(1 + i % most);
  for (std::size_t k = 0; k < ids.size(); ++k)
    ids[k] = static_cast<std::uint32_t>((i * 7919 + k * (highest - 1)) % (highest + 1));
  return ids;
}

Ids found_ids(const ShortWordCache& cache, const std::string& word) {
  Ids ids(ShortWordCache::kRoom);
  const auto key = key_of(word);
  ids.resize(cache.find(key, ShortWordCache::hash_of(key), ids.data()));
  return ids;
}

void insert(ShortWordCache& cache, const std::string& word, const Ids& ids) {
  const auto key = key_of(word);
  cache.insert(key, ShortWordCache::hash_of(key), ids);
}

}  // namespace

TEST_CASE("words of up to 15 bytes and their ids, of 16 bits and of more, never wrong and mostly there") {
  struct Case {
    std::uint32_t highest;
    std::size_t most_ids;
  };
  for (const Case& c : {Case{kNarrow, 7}, Case{kWide, 5}}) {
    ShortWordCache cache(c.highest);
    constexpr std::size_t kWords = 100000;
    const auto word_of = [](std::size_t i) {
      std::string word = std::to_string(i);
      word.append(i % 3 * 5, 'x');
      return word.substr(0, ShortWordCache::kLongestWord);
    };
    for (std::size_t i = 0; i < kWords; ++i) insert(cache, word_of(i), ids_of(i, c.most_ids, c.highest));
    std::size_t wrong = 0;
    std::size_t missing = 0;
    for (std::size_t i = 0; i < kWords; ++i) {
      const Ids found = found_ids(cache, word_of(i));
      if (found.empty()) {
        ++missing;
      } else if (found != ids_of(i, c.most_ids, c.highest)) {
        ++wrong;
      }
    }
    CHECK(wrong == 0);
    CHECK(missing < kWords / 4);
    CHECK(found_ids(cache, "unseen").empty());
  }
}

TEST_CASE("lengths tell words of zero bytes apart") {
  ShortWordCache cache(kNarrow);
  for (std::size_t size = 1; size <= ShortWordCache::kLongestWord; ++size) {
    const std::string word(size, '\0');
    CHECK(found_ids(cache, word).empty());
    insert(cache, word, Ids{static_cast<std::uint32_t>(size)});
  }
  for (std::size_t size = 1; size <= ShortWordCache::kLongestWord; ++size)
    CHECK(found_ids(cache, std::string(size, '\0')) == Ids{static_cast<std::uint32_t>(size)});
}

TEST_CASE(
    "a word whose tokens are kept elsewhere is told apart from one that is not known, also when it grew") {
  ShortWordCache cache(kNarrow);
  const auto key = key_of("manytokens");
  const auto hash = ShortWordCache::hash_of(key);
  Ids ids(ShortWordCache::kRoom);
  CHECK(cache.find(key, hash, ids.data()) == 0);
  cache.insert_elsewhere(key, hash);
  CHECK(cache.find(key, hash, ids.data()) == ShortWordCache::kElsewhere);
  for (std::size_t i = 0; i < 5000; ++i) insert(cache, std::to_string(i), Ids{1});
  const std::size_t later = cache.find(key, hash, ids.data());
  CHECK((later == 0 || later == ShortWordCache::kElsewhere));
}

TEST_CASE("what the cache may hold: seven ids of 16 bits, five of 21") {
  const ShortWordCache narrow(kNarrow);
  CHECK(narrow.may_hold(Ids(7, kNarrow)));
  CHECK_FALSE(narrow.may_hold(Ids(8, 1)));
  const ShortWordCache wide(kWide);
  CHECK(wide.may_hold(Ids(5, (1U << 21) - 1)));
  CHECK_FALSE(wide.may_hold(Ids(6, 1)));
  CHECK_FALSE(wide.may_hold(Ids{1U << 21}));
}

TEST_CASE("a key is the word's bytes, wherever it stands in its text") {
  const std::string text = "one two three four five six seven eight nine";
  const ShortWordKeys keys(text);
  for (std::size_t at = 0; at < text.size(); ++at) {
    for (std::size_t size = 1; size <= std::min(text.size() - at, ShortWordCache::kLongestWord); ++size) {
      const auto key = keys.key_of(std::string_view(text).substr(at, size));
      const auto alone = key_of(text.substr(at, size));
      REQUIRE((key.low == alone.low && key.high == alone.high));
    }
  }
}
