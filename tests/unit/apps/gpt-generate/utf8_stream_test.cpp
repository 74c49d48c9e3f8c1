#include "apps/gpt-generate/utf8_stream.hpp"

#include <doctest/doctest.h>

#include "libcommon/text/utf8.hpp"

namespace gpt::generate_tool {
namespace {

TEST_CASE("a character is held back until it is whole") {
  Utf8Stream stream;
  CHECK(stream.push("a\xC3") == "a");
  CHECK(stream.push("\xA5") == "å");
  CHECK(stream.push("\xF0\x9F") == "");
  CHECK(stream.push("\x98") == "");
  CHECK(stream.push("\x80z") == "😀z");
  CHECK(stream.finish() == "");
}

TEST_CASE("what can never become whole is not waited for") {
  Utf8Stream stream;
  CHECK(stream.push("\x80") == "\uFFFD");
  CHECK(stream.push("\xC0") == "\uFFFD");
  CHECK(stream.push("\xFF") == "\uFFFD");
  CHECK(stream.push("\xE0\x80") == "\uFFFD\uFFFD");
  CHECK(stream.push("\xC3") == "");
  CHECK(stream.push("a") == "\uFFFDa");
  CHECK(stream.push("\xE2\x82") == "");
  CHECK(stream.finish() == "\uFFFD");
  CHECK(stream.finish() == "");
}

TEST_CASE("pieces give what the whole gives, wherever it is cut") {
  const std::string text = "aå€😀\xC3\xE2\x82x\xF0\x9F\x98\xED\xA0\x80\xF4\x90\x80\x80\x80ö\xE2";
  for (std::size_t first = 0; first <= text.size(); ++first) {
    for (std::size_t second = first; second <= text.size(); ++second) {
      Utf8Stream stream;
      std::string shown = stream.push(text.substr(0, first));
      CHECK(text::is_valid_utf8(shown));
      shown += stream.push(text.substr(first, second - first));
      shown += stream.push(text.substr(second));
      shown += stream.finish();
      REQUIRE(shown == text::repair_utf8(text));
    }
  }
}

}  // namespace
}  // namespace gpt::generate_tool
