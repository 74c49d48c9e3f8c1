#include <string_view>
#include <vector>

#include <doctest/doctest.h>

#include "share/language/frequent_words.hpp"
#include "share/language/plain_spelling.hpp"

using namespace gpt::language_training;

TEST_CASE("words are drawn evenly or as often as they occur") {
  const std::vector<std::string_view> lines = {"og\t99.5", "båt", "øy\t0.5"};
  const FrequentWords words(lines, 1.0);
  CHECK(words.size() == 3);
  CHECK(words.evenly(0.0) == "og");
  CHECK(words.evenly(0.34) == "båt");
  CHECK(words.evenly(0.999) == "øy");
  // 100, 0.5 and 1 of 101.5
  CHECK(words.by_frequency(0.98) == "og");
  CHECK(words.by_frequency(0.987) == "båt");
  CHECK(words.by_frequency(0.999) == "øy");
  const FrequentWords level(lines, 0.0);
  CHECK(level.by_frequency(0.34) == "båt");
}

TEST_CASE("a text without the letters that English lacks has pairs or lone letters for them") {
  CHECK(without_nordic_letters("Blåbær på Øya", Spelling::pairs) == "Blaabaer paa Oeya");
  CHECK(without_nordic_letters("Blåbær på Øya", Spelling::lone_letters) == "Blabar pa Oya");
  CHECK(without_nordic_letters("Är ö", Spelling::lone_letters) == "Ar o");
  CHECK(without_nordic_letters("naïve 漢", Spelling::pairs) == "naïve 漢");
}
