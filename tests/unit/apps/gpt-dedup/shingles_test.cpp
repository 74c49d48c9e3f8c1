#include <algorithm>
#include <random>
#include <set>
#include <string>

#include <doctest/doctest.h>

#include "apps/gpt-dedup/near/shingle_set.hpp"

using namespace gpt::dedup;

namespace {

double similarity(const std::string& a, const std::string& b, int n = 5) {
  Shingler shingler({.length = n});
  const auto set_a = shingle_set(shingler, a);
  return jaccard(set_a, shingle_set(shingler, b));
}

}  // namespace

TEST_CASE("a text has one shingle a position") {
  Shingler shingler({.length = 5});
  CHECK(shingler.hashes("abcdefg").size() == 3);
  CHECK(shingler.hashes("abcde").size() == 1);
  CHECK(shingler.hashes("abc").size() == 1);
  CHECK(shingler.hashes("").empty());
}

TEST_CASE("shingles are made of code points, not bytes") {
  Shingler shingler({.length = 5});
  CHECK(shingler.hashes("åäöåäö").size() == 2);
  CHECK(shingler.hashes("smörgåsbord").size() == 7);
}

TEST_CASE("equal runs of characters hash alike wherever they stand, others do not") {
  Shingler shingler({.length = 3});
  const auto hashes = shingler.hashes("abcxabcyab");
  CHECK(hashes[0] == hashes[4]);
  const std::set<std::uint64_t> distinct(hashes.begin(), hashes.end());
  CHECK(distinct.size() == 7);
}

TEST_CASE("order and length count") {
  Shingler shingler({.length = 3});
  const auto only = [&](const std::string& text) { return std::uint64_t{shingler.hashes(text)[0]}; };
  const std::set<std::uint64_t> distinct = {only("abc"), only("cba"), only("ab"), only("a"),
                                            only(std::string("\0a", 2))};
  CHECK(distinct.size() == 5);
}

TEST_CASE("a rolling hash equals one made afresh") {
  const std::string text = "En räv hoppade över den lata hunden, två gånger.";
  Shingler rolling({.length = 7});
  const auto all = rolling.hashes(text);
  const std::vector<std::uint64_t> kept(all.begin(), all.end());
  Shingler fresh({.length = 7});
  CHECK(fresh.hashes("En räv ")[0] == kept[0]);
  CHECK(fresh.hashes("gånger.")[0] == kept.back());
}

TEST_CASE("every shingle of a long text hashes as it does alone") {
  std::mt19937 random(9);
  for (const int length : {1, 3, 5, 8, 9, 20}) {
    for (const unsigned foreign : {0U, 1U, 10U, 50U}) {
      std::vector<std::string> characters;
      for (int i = 0; i < 5000; ++i)
        characters.push_back(random() % 100 < foreign
                                 ? (random() % 2 == 0 ? "å" : "漢")
                                 : std::string(1, static_cast<char>('a' + random() % 26)));
      std::string text;
      for (const std::string& character : characters) text += character;
      Shingler whole({.length = length});
      const auto all = whole.hashes(text);
      const auto n = static_cast<std::size_t>(length);
      REQUIRE(all.size() == characters.size() - n + 1);
      Shingler alone({.length = length});
      for (std::size_t i = 0; i < all.size(); ++i) {
        std::string window;
        for (std::size_t j = 0; j < n; ++j) window += characters[i + j];
        REQUIRE(alone.hashes(window)[0] == all[i]);
      }
    }
  }
}

TEST_CASE("blocks, one after the other, are all shingles") {
  std::string text;
  for (int i = 0; i < 3000; ++i) text += i % 700 == 0 ? "blåbär " : "some plain words ";
  Shingler whole({.length = 5});
  const auto all = whole.hashes(text);
  Shingler parts({.length = 5});
  parts.start(text);
  std::vector<std::uint64_t> joined;
  std::size_t blocks = 0;
  for (auto block = parts.next_block(); !block.empty(); block = parts.next_block(), ++blocks)
    joined.insert(joined.end(), block.begin(), block.end());
  CHECK(blocks > 10);
  CHECK(std::equal(joined.begin(), joined.end(), all.begin(), all.end()));
}

TEST_CASE("words as shingles know neither case nor what lies between") {
  Shingler shingler({.length = 3, .unit = ShingleUnit::words});
  CHECK(shingler.hashes("En räv hoppade över").size() == 2);
  CHECK(shingler.hashes("en räv").size() == 1);
  CHECK(shingler.hashes(" ... ").empty());
  const std::uint64_t plain = shingler.hashes("en räv hoppade")[0];
  CHECK(shingler.hashes("EN RÄV, hoppade!")[0] == plain);
  CHECK_FALSE(shingler.hashes("en rävhoppade högt")[0] == plain);
}

TEST_CASE("a shingle set ascends without repeats") {
  Shingler shingler({.length = 2});
  std::string text;
  std::mt19937 random(7);
  for (int i = 0; i < 5000; ++i) text += static_cast<char>('a' + random() % 26);
  const auto set = shingle_set(shingler, text);
  CHECK(std::is_sorted(set.begin(), set.end()));
  CHECK(std::adjacent_find(set.begin(), set.end()) == set.end());
  std::set<std::string> expected;
  for (std::size_t i = 0; i + 2 <= text.size(); ++i) expected.insert(text.substr(i, 2));
  CHECK(set.size() == expected.size());
}

TEST_CASE("stopping early changes no decision") {
  std::mt19937_64 random(3);
  for (int trial = 0; trial < 2000; ++trial) {
    std::vector<std::uint64_t> a, b;
    const std::uint64_t share = random() % 11;
    for (std::uint64_t number = 0; number < 60; ++number) {
      const bool both = random() % 10 < share;
      if (both || random() % 2 == 0) a.push_back(number);
      if (both || random() % 3 == 0) b.push_back(number);
    }
    const double truth = jaccard(a, b);
    REQUIRE(jaccard_reaches(a, b, truth));
    for (const double least : {0.1, 0.5, 0.8, 1.0}) REQUIRE(jaccard_reaches(a, b, least) == (truth >= least));
    REQUIRE_FALSE(jaccard_reaches(a, b, truth + 1e-9));
  }
}

TEST_CASE("sets made by parts have the Jaccard index of whole ones") {
  std::mt19937 random(6);
  std::string text;
  while (text.size() < 30000) text += static_cast<char>('a' + random() % 3);
  std::string other = text;
  for (int i = 0; i < 500; ++i) other[random() % other.size()] = '-';
  const std::vector<std::string> texts = {text, other, text.substr(0, 9000), std::string(20000, 'x'),
                                          "",   "ab"};
  for (const int length : {3, 9}) {
    Shingler shingler({.length = length});
    for (const std::string& a : texts)
      for (const std::string& b : texts)
        for (const std::size_t bytes : {std::size_t{1} << 30, std::size_t{1} << 18, std::size_t{1} << 14}) {
          CAPTURE(bytes);
          CHECK(jaccard_by_parts(shingler, a, b, bytes) == similarity(a, b, length));
        }
  }
  CHECK(similarity(text, other, 9) > 0.5);
  CHECK(similarity(text, other, 9) < 0.95);
}

TEST_CASE("Jaccard index of known sets") {
  CHECK(similarity("abcdef", "abcdef") == 1);
  CHECK(similarity("abcdef", "abcdeg") == doctest::Approx(1.0 / 3));  // abcde | bcdef bcdeg
  CHECK(similarity("abcdef", "uvwxyz") == 0);
  CHECK(similarity("", "") == 0);
  CHECK(similarity("", "abc") == 0);
  CHECK(similarity("aaaaaaaa", "aaaaaaaaaaaaaaaa") == 1);
}

TEST_CASE("texts without a shingle are not alike, but for equal ones") {
  const std::vector<std::uint64_t> none;
  CHECK(jaccard(none, none) == 0);
  CHECK_FALSE(jaccard_reaches(none, none, 0.5));
}
