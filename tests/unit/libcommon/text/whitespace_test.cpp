#include "libcommon/text/whitespace.hpp"

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

TEST_CASE("words hold a letter or a digit") {
  CHECK(count_words("") == 0);
  CHECK(count_words("Åsa köpte – tror jag – 3 äpplen.") == 6);
  CHECK(count_words("  *** \n ---\n") == 0);
  CHECK(count_words("e-post till\xC2\xA0oss") == 3);
}
