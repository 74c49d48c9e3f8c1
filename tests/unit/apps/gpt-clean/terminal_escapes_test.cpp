#include "apps/gpt-clean/rules/terminal_escapes.hpp"

#include <string>

#include <doctest/doctest.h>

using gpt::clean::remove_terminal_escapes;

TEST_CASE("colours, cursor movements and titles go") {
  CHECK(remove_terminal_escapes("\x1B[36;44mblått\x1B[0m och \x1B[1;31mrött\x1B[m") == "blått och rött");
  CHECK(remove_terminal_escapes("\x1B[2J\x1B[10;5H\x1B[?25lklar") == "klar");
  CHECK(remove_terminal_escapes("\x1B]0;fönster\x07text\x1B]8;;http://a\x1B\\länk") == "textlänk");
  CHECK(remove_terminal_escapes("a\x1B(Bb\x1B"
                                "7c") == "abc");
}

TEST_CASE("what is no sequence stays") {
  for (const std::string text : {"plain", "\x1B", "a\x1B[", "\x1B[å", "\x1B]0;no end", "\x1B \n", "[0m"}) {
    CHECK(remove_terminal_escapes(text) == text);
  }
  std::string beginnings;
  for (int i = 0; i < 100000; ++i) beginnings += "\x1B]";
  CHECK(remove_terminal_escapes(beginnings) == beginnings);
}
