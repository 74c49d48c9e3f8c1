
#include <string>
#include <vector>

#include <doctest/doctest.h>

#include "apps/gpt-dedup/rewrite/repeated_hashes.hpp"
#include "apps/gpt-dedup/rewrite/unit_spans.hpp"

using namespace gpt::dedup;

namespace {

std::vector<std::string> said(std::string_view text, RepeatUnit unit) {
  std::vector<std::string> out;
  std::size_t at = 0;
  for (const TextUnit& part : UnitSplitter(unit, "en").units(text)) {
    CHECK(part.begin == at);  // together they are all of it
    out.emplace_back(text.substr(part.begin, part.end - part.begin));
    at = part.after;
  }
  CHECK(at == text.size());
  return out;
}

std::string left(std::string_view text, RepeatUnit unit, const std::vector<bool>& kept) {
  return without_units(text, UnitSplitter(unit, "en").units(text), kept);
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

TEST_CASE("sentences leave with the space behind them, but not with the line end") {
  using Strings = std::vector<std::string>;
  CHECK(said(" One is here. Two is here.\n\nThree is.  ", RepeatUnit::sentences) ==
        Strings{" One is here.", "Two is here.", "Three is."});
  CHECK(said(" \n", RepeatUnit::sentences) == Strings{""});
  const std::string text = "One is here. Two is here.\n\nThree is. Four is, too. ";
  CHECK(left(text, RepeatUnit::sentences, {true, false, true, true}) ==
        "One is here.\n\nThree is. Four is, too. ");
  CHECK(left(text, RepeatUnit::sentences, {true, false, false, true}) == "One is here.\n\nFour is, too. ");
  CHECK(left(text, RepeatUnit::sentences, {false, false, true, false}) == "Three is.");
  CHECK(left(text, RepeatUnit::sentences, {true, true, false, true}) ==
        "One is here. Two is here.\n\nFour is, too. ");
}

TEST_CASE("units shorter than the least do not count; case and white space do not either") {
  SpanHasher hasher({.unit = RepeatUnit::lines, .least_characters = 4});
  const auto found = hasher.spans("äöå\n äöåä \nÄÖÅÄ\na  b c\nA b\tC\n\n");
  CHECK(found.units.size() == 6);
  REQUIRE(found.spans.size() == 4);
  CHECK(found.spans[0].first == 1);
  CHECK(found.spans[0].hash == found.spans[1].hash);
  CHECK(found.spans[2].hash == found.spans[3].hash);
  CHECK(found.spans[0].hash != found.spans[2].hash);
}

TEST_CASE("a span is so many units that say something, in their order") {
  SpanHasher hasher({.unit = RepeatUnit::lines, .span = 2, .least_characters = 4});
  const auto found = hasher.spans("ab\n\ncd\nab\ncd\nc\nab\n");
  REQUIRE(found.spans.size() == 3);  // "cd c" and "c ab" are too short
  CHECK(found.spans[0].first == 0);
  CHECK(found.spans[0].end == 3);  // with the blank line
  CHECK(found.spans[0].hash == found.spans[2].hash);
  CHECK(found.spans[0].hash != found.spans[1].hash);
  CHECK(hasher.spans("abcdef").spans.empty());
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
