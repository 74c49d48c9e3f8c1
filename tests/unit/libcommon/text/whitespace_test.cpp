#include "libcommon/text/whitespace.hpp"

#include <iterator>
#include <random>
#include <string>

#include <doctest/doctest.h>

using namespace gpt::text;

TEST_CASE("runs of spaces become one, whatever their kind") {
  CHECK(fold_whitespace("en  två\t\ttre\xC2\xA0 fyra\xE3\x80\x80 fem") == "en två tre fyra fem");
}

TEST_CASE("spaces at the ends of lines and of the text go") {
  CHECK(fold_whitespace("  en \n  två\t\n\n") == "en\ntvå");
  CHECK(fold_whitespace(" \n\t\n ").empty());
  CHECK(fold_whitespace("").empty());
}

TEST_CASE("every kind of line end becomes a newline") {
  CHECK(fold_whitespace("a\r\nb\rc\xE2\x80\xA8"
                        "d\xC2\x85"
                        "e\x0B"
                        "f\x0C"
                        "g") == "a\nb\nc\nd\ne\nf\ng");
}

TEST_CASE("blank lines are shortened to the limit") {
  CHECK(fold_whitespace("a\n\n\n\nb") == "a\n\nb");
  CHECK(fold_whitespace("a\r\n \r\n \t\r\nb") == "a\n\nb");
  CHECK(fold_whitespace("a\n\n\nb", WhitespaceRules{0}) == "a\nb");
  CHECK(fold_whitespace("a\n\n\n\nb", WhitespaceRules{2}) == "a\n\n\nb");
}

TEST_CASE("folding twice changes nothing more") {
  const std::string once = fold_whitespace(" a \xC2\xA0 b\r\n\r\n\r\nc  ");
  CHECK(fold_whitespace(once) == once);
}

TEST_CASE("what is folded is told without folding it") {
  const std::string pieces[] = {"a",
                                "ö",
                                "–",
                                " ",
                                "\n",
                                "\t",
                                "\r",
                                "\xC2\xA0",
                                "\xE3\x80\x80",
                                "\xE2\x80\xA8",
                                "ord",
                                "\x01",
                                std::string(70, 'x'),
                                "\n\n",
                                "a b",
                                "\xC2\x85"};
  std::mt19937_64 random(5);
  int folded = 0;
  for (int i = 0; i < 20000; ++i) {
    std::string text;
    for (std::uint64_t n = random() % 12; n > 0; --n) text += pieces[random() % std::size(pieces)];
    CAPTURE(text);
    const std::string wanted = fold_whitespace(text);
    REQUIRE(is_folded(text) == (wanted == text));
    REQUIRE(is_folded(wanted));
    folded += wanted == text ? 1 : 0;
  }
  CHECK(folded > 1000);
}

TEST_CASE("words hold a letter or a digit") {
  CHECK(count_words("") == 0);
  CHECK(count_words("Åsa köpte – tror jag – 3 äpplen.") == 6);
  CHECK(count_words("  *** \n ---\n") == 0);
  CHECK(count_words("e-post till\xC2\xA0oss") == 3);
}
