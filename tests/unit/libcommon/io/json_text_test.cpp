#include "libcommon/io/json_text.hpp"

#include <bit>
#include <cmath>
#include <limits>
#include <random>

#include <doctest/doctest.h>
#include <simdjson.h>

namespace {

std::string read_back(const std::string& json) {
  simdjson::dom::parser parser;
  return std::string(std::string_view(parser.parse(json)));
}

void append_utf8(std::string& out, char32_t point) {
  const auto put = [&](char32_t byte) { out.push_back(static_cast<char>(byte)); };
  if (point < 0x80) {
    put(point);
  } else if (point < 0x800) {
    put(0xc0 | point >> 6);
    put(0x80 | (point & 0x3f));
  } else if (point < 0x10000) {
    put(0xe0 | point >> 12);
    put(0x80 | (point >> 6 & 0x3f));
    put(0x80 | (point & 0x3f));
  } else {
    put(0xf0 | point >> 18);
    put(0x80 | (point >> 12 & 0x3f));
    put(0x80 | (point >> 6 & 0x3f));
    put(0x80 | (point & 0x3f));
  }
}

}  // namespace

TEST_CASE("every code point reads back") {
  for (char32_t first = 0; first < 0x110000; first += 0x400) {
    std::string text;
    for (char32_t point = first; point < first + 0x400; ++point) {
      if (point < 0xd800 || point > 0xdfff) append_utf8(text, point);
    }
    const bool same = read_back(gpt::io::json_string(text)) == text;
    CAPTURE(first);
    CHECK(same);
  }
}

TEST_CASE("only what must be escaped is") {
  CHECK(gpt::io::json_string("å\"b\\c\n\r\t\x01\x1f\x7f/") == "\"å\\\"b\\\\c\\n\\r\\t\\u0001\\u001f\x7f/\"");
  CHECK(gpt::io::json_string("") == "\"\"");
  CHECK(gpt::io::json_string(std::string_view("\0", 1)) == "\"\\u0000\"");
  std::string out = "[";
  gpt::io::append_json_string(out, "a");
  CHECK(out == "[\"a\"");
}

TEST_CASE("numbers read back to the same double") {
  std::mt19937_64 random(11);
  simdjson::dom::parser parser;
  for (int i = 0; i < 20000; ++i) {
    const double value = std::bit_cast<double>(random());
    if (!std::isfinite(value)) continue;
    const std::string json = gpt::io::json_number(value);
    const auto element = parser.parse(json);
    double back = 0;
    REQUIRE(element.get(back) == simdjson::SUCCESS);
    CHECK(back == value);
  }
  CHECK(gpt::io::json_number(0.1) == "0.1");
  CHECK(gpt::io::json_number(3.0) == "3");
  CHECK(gpt::io::json_number(0x1p64) == "18446744073709551616.0");
  CHECK(gpt::io::json_number(-std::numeric_limits<double>::max()).size() <= 32);
  CHECK(gpt::io::json_number(std::nan("")) == "null");
  CHECK(gpt::io::json_number(std::numeric_limits<double>::infinity()) == "null");
}
