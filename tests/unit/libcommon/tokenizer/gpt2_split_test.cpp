#include "libcommon/tokenizer/gpt2_split.hpp"

#include <random>
#include <string>
#include <vector>

#include <doctest/doctest.h>
#include <unicode/uchar.h>

#include "libcommon/text/utf8.hpp"
#include "tests/unit/libcommon/tokenizer/gpt2_scalar_split.hpp"

using namespace gpt::tokenizer;

namespace {

using Pieces = std::vector<std::string>;

Pieces split(std::string_view text) {
  Pieces pieces;
  for (Gpt2Splitter splitter(text); !splitter.at_end();) pieces.emplace_back(splitter.next());
  return pieces;
}

Pieces split_by_characters(std::string_view text) {
  Pieces pieces;
  for (Gpt2ScalarSplitter splitter(text); !splitter.at_end();) pieces.emplace_back(splitter.next());
  return pieces;
}

// Text of up to 200 characters of the kinds that splitting tells apart; one in fifty is any code point.
std::string random_text(std::mt19937& random) {
  static constexpr char32_t kCharacters[] = {
      ' ',  ' ',  '\n', '\t',  'a',    'b',    's',    't',    'r',     'e',     'l',
      '\'', '\'', '1',  '2',   '!',    '-',    0x0,    0x85,   0xA0,    0x2003,  0xE5,
      0xE4, 0xD7, 0xF7, 0x100, 0x3000, 0x0301, 0x0661, 0x4E00, 0x1F600, 0x1D7CF, 0x10FFFF};
  const auto below = [&random](std::size_t bound) { return random() % bound; };
  const std::size_t kinds = 1 + below(std::size(kCharacters));
  std::string text;
  for (std::size_t left = below(200); left > 0; --left) {
    char32_t point = kCharacters[below(below(3) == 0 ? std::size(kCharacters) : kinds)];
    if (below(50) == 0) point = static_cast<char32_t>(below(0x110000));
    if (point >= 0xD800 && point < 0xE000) point = 'x';
    gpt::text::append_utf8(text, point);
  }
  return text;
}

}  // namespace

TEST_CASE("pieces found 64 bytes at a time are those found character by character") {
  std::mt19937 random(1);
  for (int i = 0; i < 30000; ++i) {
    const std::string text = random_text(random);
    REQUIRE_MESSAGE(split(text) == split_by_characters(text), text);
  }
}

TEST_CASE("contractions and runs across the end of a block") {
  for (std::size_t before = 55; before < 70; ++before) {
    for (const char* const rest :
         {"'s", "'ll", "'llama", "'s's", "'t x", "'ve1", "'re\u00e5", "  ", "  x", "\u00a0 x", " \u00a0x",
          "\u3000\u3000x", "\u00e5\u00e5", "\u00d7x", "\n\nx"}) {
      const std::string text = std::string(before, 'x') + rest;
      REQUIRE_MESSAGE(split(text) == split_by_characters(text), text);
    }
  }
}

TEST_CASE("the masks of a block, 16 bytes at a time and byte by byte") {
  std::string bytes;
  for (int i = 0; i < 256; ++i) bytes.push_back(static_cast<char>(i));
  for (std::size_t at = 0; at < 256; at += 64) {
    const ByteMasks fast = byte_masks(bytes.data() + at);
    const ByteMasks slow = byte_masks_by_table(bytes.data() + at);
    CHECK(fast.letters == slow.letters);
    CHECK(fast.numbers == slow.numbers);
    CHECK(fast.spaces == slow.spaces);
    CHECK(fast.blanks == slow.blanks);
    CHECK(fast.quotes == slow.quotes);
    CHECK(fast.beyond == slow.beyond);
    CHECK(fast.latin == slow.latin);
    CHECK(fast.no_latin == slow.no_latin);
  }
}

TEST_CASE("words take one space before them") {
  CHECK(split("Hello world") == Pieces{"Hello", " world"});
  CHECK(split(" Hello") == Pieces{" Hello"});
  CHECK(split("") == Pieces{});
  CHECK(split("a1b2") == Pieces{"a", "1", "b", "2"});
  CHECK(split("å 12 ?!") == Pieces{"å", " 12", " ?!"});
}

TEST_CASE("contractions, lower case only, at the start of a piece only") {
  CHECK(split("I'm don't we'll they've you're he'd it's") == Pieces{"I", "'m", " don", "'t", " we", "'ll",
                                                                    " they", "'ve", " you", "'re", " he",
                                                                    "'d", " it", "'s"});
  CHECK(split("DON'T") == Pieces{"DON", "'", "T"});
  CHECK(split("'sabc") == Pieces{"'s", "abc"});
  CHECK(split(" 's") == Pieces{" '", "s"});
  CHECK(split("!'s") == Pieces{"!'", "s"});
  CHECK(split("''s") == Pieces{"''", "s"});
  CHECK(split("'l'r'v'") == Pieces{"'", "l", "'", "r", "'", "v", "'"});
  CHECK(split("'") == Pieces{"'"});
}

TEST_CASE("runs of white space leave their last character to the next piece") {
  CHECK(split("a  b") == Pieces{"a", " ", " b"});
  CHECK(split("a\n\nb") == Pieces{"a", "\n", "\n", "b"});
  CHECK(split("a\n b") == Pieces{"a", "\n", " b"});
  CHECK(split("a \n\t b") == Pieces{"a", " \n\t", " b"});
  CHECK(split("a\tb") == Pieces{"a", "\t", "b"});
  CHECK(split("a \r\n\r\n") == Pieces{"a", " \r\n\r\n"});
  CHECK(split("  ") == Pieces{"  "});
  CHECK(split(" ") == Pieces{" "});
  CHECK(split("a ") == Pieces{"a", " "});
}

TEST_CASE("white space beyond ASCII") {
  CHECK(split("a\u00a0b") == Pieces{"a", "\u00a0", "b"});
  CHECK(split("a \u00a0b") == Pieces{"a", " ", "\u00a0", "b"});
  CHECK(split("\u3000\u3000x") == Pieces{"\u3000", "\u3000", "x"});
  CHECK(split("\u2003 x") == Pieces{"\u2003", " x"});
  CHECK(split("\u2028\u2029") == Pieces{"\u2028\u2029"});
  CHECK(split("\xC2\x85!") == Pieces{"\xC2\x85", "!"});
  CHECK(split("a\u200bb") == Pieces{"a", "\u200b", "b"});        // zero width space is none
  CHECK(split(" \u180e") == Pieces{" \u180e"});                  // nor is the Mongolian vowel separator
  CHECK(split("\x1C\x1D \x1E") == Pieces{"\x1C\x1D", " \x1E"});  // nor are the ASCII separators
}

TEST_CASE("marks are neither letters nor numbers") {
  CHECK(split("e\u0301a") == Pieces{"e", "\u0301", "a"});
  CHECK(split("नमस्ते") == Pieces{"नमस", "्", "त", "े"});
}

TEST_CASE("numbers and letters of other scripts; emoji; unassigned and private code points") {
  CHECK(split("١٢٣ ४५६") == Pieces{"١٢٣", " ४५६"});
  CHECK(split("½²Ⅷb") == Pieces{"½²Ⅷ", "b"});
  CHECK(split("你好，世界") == Pieces{"你好", "，", "世界"});
  CHECK(split("x👩‍👧 🇸🇪") == Pieces{"x", "👩‍👧", " 🇸🇪"});
  CHECK(split("\ue000\U0010ffff\u0378 a") == Pieces{"\ue000\U0010ffff\u0378", " a"});
  CHECK(split("𝐀𝟏") == Pieces{"𝐀", "𝟏"});
}

TEST_CASE("the table of classes holds what ICU says of every code point") {
  const auto& classes = CharacterClasses::unicode();
  std::size_t wrong = 0;
  for (UChar32 point = 0; point < 0x110000; ++point) {
    const auto mask = U_GET_GC_MASK(point);
    const CharacterClass expected = u_hasBinaryProperty(point, UCHAR_WHITE_SPACE) ? CharacterClass::space
                                    : (mask & U_GC_L_MASK) != 0                   ? CharacterClass::letter
                                    : (mask & U_GC_N_MASK) != 0                   ? CharacterClass::number
                                                                                  : CharacterClass::other;
    if (classes[static_cast<char32_t>(point)] != expected) ++wrong;
    if (point < 0x80 && detail::kAsciiClasses[static_cast<std::size_t>(point)] != expected) ++wrong;
  }
  CHECK(wrong == 0);
}
