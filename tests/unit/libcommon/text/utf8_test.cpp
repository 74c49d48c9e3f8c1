#include "libcommon/text/utf8.hpp"

#include <string>
#include <vector>

#include <doctest/doctest.h>

using namespace gpt::text;

TEST_CASE("valid text passes repair unchanged") {
  const std::string text = "Räksmörgås på Åland, 100 €, \xF0\x9F\x98\x80\n";
  CHECK(is_valid_utf8(text));
  CHECK(repair_utf8(text) == text);
}

TEST_CASE("each maximal subpart becomes one U+FFFD") {
  const std::string r = "\xEF\xBF\xBD";
  struct Case {
    std::string bytes;
    std::string wanted;
  };
  const std::vector<Case> cases = {
      {"a\x80z", "a" + r + "z"},                                // a stray continuation byte
      {"\xE2\x82z", r + "z"},                                   // two of three bytes of the euro sign
      {"\xF0\x9F\x98", r},                                      // cut at the end
      {"\xF0\x9F\x98\xC3\xA5", r + "\xC3\xA5"},                 // a cut sequence before a whole one
      {"\xC0\xAF", r + r},                                      // overlong
      {"\xE0\x80\xAF", r + r + r},                              // overlong, three bytes
      {"\xED\xA0\x80", r + r + r},                              // a surrogate
      {"\xF4\x90\x80\x80", r + r + r + r},                      // beyond U+10FFFF
      {"\xF4\x8F\xBF\xBF", "\xF4\x8F\xBF\xBF"},                 // the last code point
      {"\xFF\xFE", r + r},                                      // never lead bytes
      {"61\xF1\x80\x80\xE1\x80\xC2z", "61" + r + r + r + "z"},  // the standard's own example, shortened
  };
  for (const auto& [bytes, wanted] : cases) {
    CAPTURE(bytes);
    CHECK(repair_utf8(bytes) == wanted);
    CHECK(is_valid_utf8(repair_utf8(bytes)));
    CHECK(is_valid_utf8(bytes) == (bytes == wanted));
  }
}

TEST_CASE("appending and decoding are inverse") {
  for (const char32_t point : {U'\0', U'A', U'\x7F', U'\x80', U'å', U'\x7FF', U'\x800', U'€', U'\xFFFF',
                               U'\x10000', U'\x1F600', U'\x10FFFF'}) {
    std::string bytes;
    append_utf8(bytes, point);
    const DecodedPoint decoded = decode_utf8(bytes);
    CHECK(decoded.valid);
    CHECK(decoded.point == point);
    CHECK(decoded.length == bytes.size());
  }
}

TEST_CASE("code points are visited in order with their places") {
  std::vector<std::pair<char32_t, std::size_t>> seen;
  for_each_code_point(
      "aå€", [&](char32_t point, std::size_t begin, std::size_t) { seen.emplace_back(point, begin); });
  CHECK(seen == std::vector<std::pair<char32_t, std::size_t>>{{U'a', 0}, {U'å', 1}, {U'€', 3}});
  CHECK(count_code_points("aå€") == 3);
}

TEST_CASE("a front never cuts a code point") {
  CHECK(utf8_front("aå€", 6) == "aå€");
  CHECK(utf8_front("aå€", 5) == "aå");
  CHECK(utf8_front("aå€", 2) == "a");
  CHECK(utf8_front("€", 2).empty());
}
