#include "apps/gpt-dedup/exact.hpp"

#include <random>
#include <string>
#include <vector>

#include <doctest/doctest.h>
#include <unicode/uchar.h>

#include "libcommon/text/utf8.hpp"
#include "libcommon/text/whitespace.hpp"

using namespace gpt::dedup;

namespace {

// The folded form, said plainly.
std::string fold_plainly(const std::string& text) {
  std::string folded;
  bool separated = false;
  gpt::text::for_each_code_point(text, [&](char32_t point, std::size_t, std::size_t) {
    if (gpt::text::is_space(point) || gpt::text::is_line_end(point)) {
      separated = true;
      return;
    }
    if (separated && !folded.empty()) folded += ' ';
    separated = false;
    gpt::text::append_utf8(
        folded, static_cast<char32_t>(u_foldCase(static_cast<UChar32>(point), U_FOLD_CASE_DEFAULT)));
  });
  return folded;
}

}  // namespace

TEST_CASE("case and white space do not count") {
  TextDigester digester;
  const Digest plain = digester.digest("på ön växer gräs");
  CHECK(digester.digest("  På  ÖN\tväxer\n\ngräs ") == plain);
  CHECK(digester.digest("PÅ ÖN\u00A0VÄXER\u2003GRÄS") == plain);
  CHECK_FALSE(digester.digest("på önväxer gräs") == plain);
  CHECK_FALSE(digester.digest("pa on vaxer gras") == plain);
}

TEST_CASE("the folded form") {
  TextDigester digester;
  CHECK(digester.fold(" \n A  B\r\nÅ\t") == "a b å");
  CHECK(digester.fold(" \n\t ") == "");
  CHECK(digester.fold("") == "");
}

TEST_CASE("eight characters at once fold as one by one") {
  const std::vector<std::string> pieces = {"a",
                                           "Z",
                                           "@",
                                           "[",
                                           "{",
                                           "0",
                                           " ",
                                           " ",
                                           "\n",
                                           "\t",
                                           "\r",
                                           "\x7f",
                                           std::string(1, '\0'),
                                           "\x1c",
                                           "Å",
                                           "ö",
                                           "\u0130",
                                           "\u00A0",
                                           "\u0085",
                                           "\u2028",
                                           "漢",
                                           "𐐀",
                                           "some words",
                                           "LOUD WORDS HERE"};
  std::mt19937 random(5);
  TextDigester digester;
  for (int trial = 0; trial < 3000; ++trial) {
    std::string text;
    const std::size_t common = random() % 4 == 0 ? pieces.size() : 7;
    for (std::uint64_t i = random() % 60; i > 0; --i) text += pieces[random() % common];
    CAPTURE(text);
    REQUIRE(digester.fold(text) == fold_plainly(text));
  }
}

TEST_CASE("the first document of each digest is remembered through growth") {
  FirstSeen seen;
  TextDigester digester;
  for (std::uint32_t i = 0; i < 10000; ++i)
    REQUIRE_FALSE(seen.find_or_add(digester.digest("document " + std::to_string(i)), i).has_value());
  for (std::uint32_t i = 0; i < 10000; ++i)
    REQUIRE(seen.find_or_add(digester.digest("Document  " + std::to_string(i)), 10000 + i) == i);
}
