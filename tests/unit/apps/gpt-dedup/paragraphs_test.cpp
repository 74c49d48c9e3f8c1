#include "apps/gpt-dedup/rewrite/paragraphs.hpp"

#include <string>

#include <doctest/doctest.h>

using namespace gpt::dedup;

namespace {

std::vector<std::string> said(std::string_view text, RepeatUnit unit) {
  std::vector<std::string> out;
  std::size_t at = 0;
  for (const TextUnit& part : split_units(text, unit)) {
    CHECK(part.begin == at);  // together they are all of it
    out.emplace_back(text.substr(part.begin, part.end - part.begin));
    at = part.after;
  }
  CHECK(at == text.size());
  return out;
}

std::string left(std::string_view text, RepeatUnit unit, const std::vector<bool>& kept) {
  return without_units(text, split_units(text, unit), kept);
}

}  // namespace

TEST_CASE("lines and paragraphs of a text") {
  using Strings = std::vector<std::string>;
  CHECK(said("", RepeatUnit::lines) == Strings{});
  CHECK(said("a", RepeatUnit::lines) == Strings{"a"});
  CHECK(said("a\n\nb\n", RepeatUnit::lines) == Strings{"a", "", "b"});
  CHECK(said("a\nb\n\nc", RepeatUnit::paragraphs) == Strings{"a\nb", "c"});
  CHECK(said("a\n \t\n\nb\n\n", RepeatUnit::paragraphs) == Strings{"a", "b"});
  CHECK(said("\n\na", RepeatUnit::paragraphs) == Strings{"", "a"});
  CHECK(said("\n", RepeatUnit::paragraphs) == Strings{""});
}

TEST_CASE("units leave with the line ends behind them") {
  CHECK(left("a\nb\nc\n", RepeatUnit::lines, {true, false, true}) == "a\nc\n");
  CHECK(left("a\nb\nc", RepeatUnit::lines, {true, true, false}) == "a\nb");
  CHECK(left("a\n\nb\n\nc\n", RepeatUnit::paragraphs, {false, true, false}) == "b");
  CHECK(left("a\n\nb\n\nc\n", RepeatUnit::paragraphs, {true, false, true}) == "a\n\nc\n");
  CHECK(left("a", RepeatUnit::lines, {false}).empty());
}

TEST_CASE("units shorter than the least do not count; case and white space do not either") {
  UnitHasher hasher(RepeatUnit::lines, 4);
  const auto hashes = hasher.hashed("äöå\n äöåä \nÄÖÅÄ\na  b c\nA b\tC\n\n").hashes;
  REQUIRE(hashes.size() == 6);
  CHECK(hashes[0] == 0);
  CHECK(hashes[1] != 0);
  CHECK(hashes[1] == hashes[2]);
  CHECK(hashes[3] == hashes[4]);
  CHECK(hashes[1] != hashes[3]);
  CHECK(hashes[5] == 0);
}

TEST_CASE("repeated hashes are noted, and counted in order") {
  RepeatedHashes repeated;
  const auto hash = [](std::uint64_t i) { return (i + 1) * 0x9E3779B97F4A7C15; };
  for (std::uint64_t i = 0; i < 20'000; ++i) repeated.note(hash(i));
  for (std::uint64_t i = 0; i < 20'000; i += 2) repeated.note(hash(i));
  std::size_t noted_once = 0;
  for (std::uint64_t i = 0; i < 20'000; ++i) {
    if (i % 2 == 0) {
      CHECK(repeated.noted(hash(i)));
      CHECK(repeated.times_before(hash(i)) == 0);
      CHECK(repeated.times_before(hash(i)) == 1);
    } else {
      noted_once += repeated.noted(hash(i)) ? 1 : 0;
    }
  }
  CHECK(noted_once < 20);
}
