#include "apps/gpt-clean/rules/characters.hpp"

#include <string>

#include <doctest/doctest.h>

#include "apps/gpt-clean/rules/whitespace.hpp"

using namespace gpt::clean;

TEST_CASE("control characters go, tabs and line ends stay") {
  CHECK(remove_invisible(std::string("a\0b\x01"
                                     "c\x7F"
                                     "d\x1B[0m",
                                     11)) == "abcd[0m");
  CHECK(remove_invisible("a\tb\nc\r\n") == "a\tb\nc\r\n");
  CHECK(remove_invisible("a\xC2\x80"
                         "b\xC2\x9F"
                         "c") == "abc");
  CHECK(remove_invisible("a\xC2\x85"
                         "b") ==
        "a\xC2\x85"
        "b");
}

TEST_CASE("soft hyphens, zero-width characters and marks go") {
  CHECK(remove_invisible("räk\xC2\xADsmör\xC2\xADgås") == "räksmörgås");
  CHECK(remove_invisible("\xEF\xBB\xBFtext\xE2\x80\x8B\xE2\x81\xA0\xE2\x80\x8E") == "text");
  CHECK(remove_invisible("a\xEF\xBF\xBE"
                         "b\xEF\xB7\x90"
                         "c") == "abc");
  CHECK(remove_invisible("\xC2\xAD\xC2\xAD").empty());
}

TEST_CASE("joiners go between Latin letters and stay where they shape others") {
  CHECK(remove_invisible("å\xE2\x80\x8D"
                         "b") == "åb");
  CHECK(remove_invisible("\xE2\x80\x8C"
                         "x") == "x");
  CHECK(remove_invisible("A\xCC\x8A\xE2\x80\x8D"
                         "\xE2\x80\x85") == "A\xCC\x8A\xE2\x80\x85");
  // whatever else nobody sees stands beside them
  CHECK(remove_invisible("a\xE2\x80\x8D\xE2\x80\x8D"
                         "b") == "ab");
  CHECK(remove_invisible("a\xE2\x80\x8D\xEF\xBB\xBF"
                         "b") == "ab");
  const std::string persian = "\xD9\x85\xDB\x8C\xE2\x80\x8C\xD8\xAE";
  CHECK(remove_invisible(persian) == persian);
  const std::string family = "\xF0\x9F\x91\xA9\xE2\x80\x8D\xF0\x9F\x91\xA7";
  CHECK(remove_invisible(family) == family);
}

TEST_CASE("joiners are judged by the visible characters around them") {
  CHECK(remove_invisible("a\u200D\u200E\u200Cb") == "ab");
  CHECK(remove_invisible("\u0915\u094D\u200E\u200D\u0937") == "\u0915\u094D\u200D\u0937");
  CHECK(remove_invisible("x\u200D") == "x");
}

TEST_CASE("what stood for pictures, invisible operators and hidden tags go") {
  CHECK(remove_invisible("bild \uFFFC f\u2061(x) \u061Cabc") == "bild  f(x) abc");
  CHECK(remove_invisible("dold\U000E0068\U000E0065\U000E0001 text") == "dold text");
  const std::string flag = "\U0001F3F4\U000E0067\U000E0062\U000E0065\U000E006E\U000E0067\U000E007F";
  CHECK(remove_invisible(flag) == flag);
}

TEST_CASE("variation selectors stay behind what has variants") {
  const std::string kept = "\u2764\uFE0F\u200D\U0001F525 1\uFE0F\u20E3 \u8FBB\U000E0100";
  CHECK(remove_invisible(kept) == kept);
  CHECK(remove_invisible("\uFE0Ford\uFE0F\u00A0\uFE00x\U000E0101 \u2764\uFE0F\uFE00") ==
        "ord\u00A0x \u2764\uFE0F");
}

TEST_CASE("visible text stays byte for byte") {
  const std::string text = "Ö – ”x” € 漢字 \xF0\x9F\x98\x80 \xEF\xBF\xBD";
  CHECK(remove_invisible(text) == text);
  WorkingDocument document{text, ""};
  CHECK(InvisibleCharactersRule().apply(document).count == 0);
}

TEST_CASE("letters and marks are composed") {
  WorkingDocument document{"A\xCC\x8Aland", ""};
  CHECK(NormalizationRule().apply(document).count == 1);
  CHECK(document.text == "Åland");
  CHECK(NormalizationRule().apply(document).count == 0);
}

TEST_CASE("marks that become two when they are composed are cut at the same number") {
  std::string text = "a";
  for (int i = 0; i < 20; ++i) text += "\xCD\x84";  // U+0344: U+0308 U+0301
  WorkingDocument document{text, ""};
  CHECK(NormalizationRule().apply(document).count == 1);
  CHECK(NormalizationRule().apply(document).count == 0);
}

TEST_CASE("white space is folded and counted once a document") {
  WorkingDocument document{" a  b \r\n\r\n\r\n c", ""};
  CHECK(WhitespaceRule().apply(document).count == 1);
  CHECK(document.text == "a b\n\nc");
  CHECK(WhitespaceRule().apply(document).count == 0);
}
