#include "apps/gpt-clean/rules/line_hyphens.hpp"

#include <string>

#include <doctest/doctest.h>

using gpt::clean::join_divided_words;

TEST_CASE("words divided at line ends are joined, the rest of the line follows on a line of its own") {
  CHECK(join_divided_words("ett exem-\npel på det") == "ett exempel\npå det");
  CHECK(join_divided_words("ett exem- \n  pel, sa hon") == "ett exempel,\nsa hon");
  CHECK(join_divided_words("räk\xC2\xAD\nsmörgås\nslut") == "räksmörgås\nslut");
  CHECK(join_divided_words("Exem-\npel") == "Exempel");
  CHECK(join_divided_words("mång-\nordig-\nhet") == "mångordighet");
}

TEST_CASE("hyphens that belong to the word stay") {
  CHECK(join_divided_words("ett e-\npost till") == "ett e-post\ntill");
  CHECK(join_divided_words("ett SMS-\nlån till") == "ett SMS-lån\ntill");
  CHECK(join_divided_words("en tv-serie: denna tv-\nserie är") == "en tv-serie: denna tv-serie\när");
  CHECK(join_divided_words("en radioserie: denna radio-\nserie är") == "en radioserie: denna radioserie\när");
}

TEST_CASE("hyphens behind digits, letters without a vowel and within names stay") {
  CHECK(join_divided_words("på 1900-\ntalet var") == "på 1900-talet\nvar");
  CHECK(join_divided_words("en 20-\nåring") == "en 20-åring");
  CHECK(join_divided_words("vår tv-\nserie är") == "vår tv-serie\när");
  CHECK(join_divided_words("EU-\nland") == "EU-land");
  CHECK(join_divided_words("nord-\nnorsk mat") == "nordnorsk\nmat");
  CHECK(join_divided_words("nordnorsk\nen nord-\nnorsk") == "nordnorsk\nen nordnorsk");
  CHECK(join_divided_words("https://a.se/min-\nsida.html") == "https://a.se/min-sida.html");
  CHECK(join_divided_words("med --utan-\nrubrik då") == "med --utan-rubrik\ndå");
  CHECK(join_divided_words("anna@lund-\nberg.se") == "anna@lund-berg.se");
}

TEST_CASE("no line is made to end in a hyphen, and none is left blank") {
  CHECK(join_divided_words("in-\ngångs- dörr till") == "ingångs- dörr\ntill");
  CHECK(join_divided_words("exem-\npel  \nslut") == "exempel\nslut");
  CHECK(join_divided_words("exem-\npel ") == "exempel");
}

TEST_CASE("what waits for its second half, and what is no division, stays") {
  for (const std::string text : {"för-\noch nackdelar", "Haupt-\nund Nebensatz", "a -\nb", "- ett\n- två",
                                 "sida 3-\n4", "1800-\noch 1900-talet", "och/eller -\nord", "Anna-\nKarin",
                                 "slut-\n\nnytt", "slut-", "\n-\n", "-\nord"}) {
    CAPTURE(text);
    CHECK(join_divided_words(text) == text);
  }
}

TEST_CASE("many divisions take linear time") {
  std::string text;
  for (int i = 0; i < 100000; ++i) text += "ab-\n";
  CHECK(join_divided_words(text).size() > 200000);
}
