#include "apps/gpt-estimate/scaled_number.hpp"

#include <doctest/doctest.h>

using gpt::estimate::scaled_number;

TEST_CASE("large numbers are read as people write them") {
  CHECK(scaled_number("300e9").value() == 300e9);
  CHECK(scaled_number("300B").value() == 300e9);
  CHECK(scaled_number("300g").value() == 300e9);
  CHECK(scaled_number("1.5T").value() == 1.5e12);
  CHECK(scaled_number("124M").value() == 124e6);
  CHECK(scaled_number("8k").value() == 8000);
  CHECK(scaled_number("1024").value() == 1024);
}

TEST_CASE("what is no positive number is refused") {
  for (const char* text : {"", "B", "-3", "0", "300X", "300BB", "3 B", "nan", "inf", "1e400"}) {
    CAPTURE(text);
    CHECK_FALSE(scaled_number(text).has_value());
  }
}
