#include "apps/gpt-dedup/rewrite/substrings.hpp"

#include <algorithm>
#include <random>
#include <string>

#include <doctest/doctest.h>

#include "apps/gpt-dedup/rewrite/suffix_array.hpp"
#include "libcommon/text/utf8.hpp"

using namespace gpt::dedup;

namespace {

TextShard shard_of(const std::vector<std::string>& texts) {
  TextShard shard;
  for (const std::string& text : texts) shard.add(text);
  return shard;
}

// What the header says, byte by byte: quadratic.
std::vector<std::vector<ByteRange>> repeats_plainly(const std::vector<std::string>& texts,
                                                    std::size_t length) {
  std::string all;
  std::vector<std::vector<ByteRange>> out;
  for (const std::string& text : texts) {
    const std::size_t origin = all.size();
    all += text + '\xFF';
    std::vector<bool> repeated(text.size());
    for (std::size_t at = 0; at + length <= text.size(); ++at)
      if (all.find(text.substr(at, length)) + length <= origin + at)
        std::fill_n(repeated.begin() + static_cast<std::ptrdiff_t>(at), length, true);
    std::vector<ByteRange> ranges;
    for (std::size_t at = 0; at < text.size();) {
      if (!repeated[at]) {
        ++at;
        continue;
      }
      ByteRange range{at, at};
      while (range.end < text.size() && repeated[range.end]) ++range.end;
      at = range.end;
      const auto inside = [&](std::size_t i) { return i < text.size() && (text[i] & '\xC0') == '\x80'; };
      while (range.begin < range.end && inside(range.begin)) ++range.begin;
      while (range.end > range.begin && inside(range.end)) --range.end;
      if (range.begin < range.end) ranges.push_back(range);
    }
    out.push_back(ranges);
  }
  return out;
}

}  // namespace

TEST_CASE("suffix array and shared prefixes of a known text") {
  if (!suffix_arrays_available()) {
    MESSAGE("SKIPPED: built without libdivsufsort, so suffix arrays are not tested");
    return;
  }
  const std::string text = "banana";
  const std::vector<std::int32_t> array = suffix_array(text);
  CHECK(array == std::vector<std::int32_t>{5, 3, 1, 0, 4, 2});
  CHECK(shares_prefix_with_former(text, array, 1) ==
        std::vector<bool>{false, true, true, false, false, true});
  CHECK(shares_prefix_with_former(text, array, 3) ==
        std::vector<bool>{false, false, true, false, false, false});
  CHECK(suffix_array("").empty());
}

TEST_CASE("repeats of generated texts are those that a plain search finds") {
  if (!suffix_arrays_available()) return;
  std::mt19937 draw(7);
  const std::vector<std::string> alphabet = {"a", "b", "ä", "å", "😀"};
  std::size_t found = 0;
  for (int round = 0; round < 300; ++round) {
    std::vector<std::string> texts(1 + draw() % 4);
    for (std::string& text : texts)
      for (auto i = draw() % 60; i > 0; --i)
        text += alphabet[draw() % (1 + static_cast<unsigned>(round) % 5)];
    const std::size_t length = 2 + draw() % 8;
    const auto repeats = shard_of(texts).repeats(length);
    REQUIRE(repeats == repeats_plainly(texts, length));
    for (std::size_t i = 0; i < texts.size(); ++i) {
      found += repeats[i].size();
      CHECK(gpt::text::is_valid_utf8(without_ranges(texts[i], repeats[i])));
    }
  }
  CHECK(found > 300);
}

TEST_CASE("a run of exactly N bytes goes, one of N - 1 stays") {
  if (!suffix_arrays_available()) return;
  const std::string run = "abcdefghijklmnopqrst";
  const TextShard shard = shard_of({"1" + run + "2", "3" + run + "4", "5" + run.substr(1) + "6", run});
  const auto repeats = shard.repeats(20);
  CHECK(repeats[0].empty());
  CHECK(repeats[1] == std::vector<ByteRange>{{1, 21}});
  CHECK(repeats[2].empty());
  CHECK(repeats[3] == std::vector<ByteRange>{{0, 20}});
}

TEST_CASE("of a text that repeats itself once is left") {
  if (!suffix_arrays_available()) return;
  const std::string text(1000, 'a');
  CHECK(without_ranges(text, shard_of({text}).repeats(50)[0]) == std::string(50, 'a'));
  // No run spans two texts, though the texts come again in this order.
  const auto across = shard_of({"abcdef", "ghijkl", "abcdef", "ghijkl"}).repeats(8);
  for (const auto& ranges : across) CHECK(ranges.empty());
}

TEST_CASE("a cut between the bytes of a character is moved outside it") {
  if (!suffix_arrays_available()) return;
  // ä is C3 A4, å C3 A5: the equal bytes begin behind C3 and end behind the other's C3.
  const std::string first = "1\u00e40123456789\u00e4";
  const std::string second = "2\u00e40123456789\u00e5";
  const auto repeats = shard_of({first, second}).repeats(10);
  CHECK(without_ranges(second, repeats[1]) == "2\u00e5");
}
