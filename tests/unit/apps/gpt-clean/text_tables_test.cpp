#include "apps/gpt-clean/rules/text_tables.hpp"

#include <set>
#include <string>
#include <vector>

#include <doctest/doctest.h>

#include "apps/gpt-clean/rules/working_document.hpp"

using namespace gpt::clean;

namespace {

std::vector<std::string> words_of(const std::string& text) {
  WorkingDocument document(text);
  std::vector<std::string> words;
  for (const Word& word : document.tables().words()) words.emplace_back(document.text_of(word));
  return words;
}

std::vector<std::string> lines_of(const std::string& text) {
  WorkingDocument document(text);
  std::vector<std::string> lines;
  for (const Line& line : document.tables().lines())
    lines.push_back((line.opens_paragraph ? "¶" : "") + std::string(document.text_of(line)) + "/" +
                    std::to_string(line.words));
  return lines;
}

}  // namespace

TEST_CASE("words are what stands between white space of any kind") {
  CHECK(words_of("").empty());
  CHECK(words_of(" \t\n\xC2\xA0").empty());
  CHECK(words_of("en två,  tre\tfyra\xC2\xA0"
                 "fem\xE2\x80\x89sex\nsju") ==
        std::vector<std::string>{"en", "två,", "tre", "fyra", "fem", "sex", "sju"});
  CHECK(words_of("€5 ©Å ”ja”") == std::vector<std::string>{"€5", "©Å", "”ja”"});
}

TEST_CASE("words know their characters, and whether they hold a letter or a digit") {
  WorkingDocument document("ångström, 12% — ΑΒΓ ٣ •");
  const auto& words = document.tables().words();
  REQUIRE(words.size() == 6);
  CHECK(words[0].characters == 9);
  CHECK(words[0].length == 11);
  CHECK(words[0].has_letter);
  CHECK_FALSE(words[0].has_digit);
  CHECK_FALSE(words[1].has_letter);
  CHECK(words[1].has_digit);
  CHECK_FALSE(words[2].has_letter);
  CHECK_FALSE(words[2].has_digit);
  CHECK(words[3].has_letter);
  CHECK(words[4].has_digit);
  CHECK_FALSE(words[5].has_letter);
}

TEST_CASE("lines stand without the white space around them, blank ones part paragraphs") {
  CHECK(lines_of("\n\n") == std::vector<std::string>{});
  CHECK(lines_of("  en rad \r\nen till\n\n \nstycke två\xE2\x80\xA8sist") ==
        std::vector<std::string>{"¶en rad/2", "en till/2", "¶stycke två/2", "sist/1"});
  CHECK(lines_of("\na\r\n\r\nb") == std::vector<std::string>{"¶a/1", "¶b/1"});
}

TEST_CASE("what is computed of a text is computed again when it has changed") {
  WorkingDocument document("ett två");
  CHECK(document.tables().words().size() == 2);
  document.text = "ett";
  document.text_changed();
  CHECK(document.tables().words().size() == 1);
}

TEST_CASE("hashes tell all short strings apart and depend on every byte of long ones") {
  std::set<std::uint64_t> seen;
  for (int a = 0; a < 256; ++a) {
    CHECK(seen.insert(hash_of_bytes(std::string(1, static_cast<char>(a)))).second);
    for (int b = 0; b < 256; ++b)
      seen.insert(hash_of_bytes(std::string{static_cast<char>(a), static_cast<char>(b)}));
  }
  CHECK(seen.size() == 256 + 65536);
  for (std::size_t length = 3; length < 70; ++length) {
    std::string text(length, 'a');
    CHECK(seen.insert(hash_of_bytes(text)).second);
    for (std::size_t i = 0; i < length; ++i) {
      text[i] = 'b';
      CHECK(seen.insert(hash_of_bytes(text)).second);
      text[i] = 'a';
    }
  }
}
