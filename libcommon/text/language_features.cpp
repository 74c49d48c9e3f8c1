#include "libcommon/text/language_features.hpp"

#include <string_view>

namespace gpt::text {
namespace {

// Letters that share a number stand together; the first number is kWordEdge + 1.
constexpr std::array<std::u32string_view, 97> kLetters = {
    U"aA", U"bB", U"cC",   U"dD", U"eE",   U"fF", U"gG", U"hH", U"iI", U"jJ", U"kK", U"lL",   U"mM", U"nN",
    U"oO", U"pP", U"qQ",   U"rR", U"sS",   U"tT", U"uU", U"vV", U"wW", U"xX", U"yY", U"zZ",   U"àÀ", U"áÁ",
    U"âÂ", U"ãÃ", U"äÄ",   U"åÅ", U"æÆ",   U"çÇ", U"èÈ", U"éÉ", U"êÊ", U"ëË", U"ìÌ", U"íÍ",   U"îÎ", U"ïÏ",
    U"ðÐ", U"ñÑ", U"òÒ",   U"óÓ", U"ôÔ",   U"õÕ", U"öÖ", U"øØ", U"ùÙ", U"úÚ", U"ûÛ", U"üÜ",   U"ýÝ", U"þÞ",
    U"ß",  U"ÿŸ", U"āĀ",   U"ăĂ", U"ąĄ",   U"ćĆ", U"čČ", U"ďĎ", U"đĐ", U"ēĒ", U"ėĖ", U"ęĘ",   U"ěĚ", U"ğĞ",
    U"ģĢ", U"īĪ", U"įĮ",   U"ıİ", U"ķĶ",   U"ļĻ", U"ľĽ", U"łŁ", U"ńŃ", U"ņŅ", U"ňŇ", U"ŋŊ",   U"őŐ", U"œŒ",
    U"řŘ", U"śŚ", U"şŞșȘ", U"šŠ", U"ţŢțȚ", U"ťŤ", U"ŧŦ", U"ūŪ", U"ůŮ", U"űŰ", U"ųŲ", U"źŹżŻ", U"žŽ"};
constexpr std::uint8_t kRareLatinLetter = 126;

constexpr bool is_latin_letter(char32_t point) { return point >= 0xC0 && point != 0xD7 && point != 0xF7; }

constexpr std::array<std::uint8_t, 0x250> make_table() {
  std::array<std::uint8_t, 0x250> table = {};
  for (char32_t point = 0; point < table.size(); ++point) {
    if (is_latin_letter(point)) table[point] = kRareLatinLetter;
  }
  std::uint8_t number = kWordEdge;
  for (const std::u32string_view letters : kLetters) {
    ++number;
    for (const char32_t letter : letters) table[letter] = number;
  }
  return table;
}

constexpr std::array<std::uint8_t, 0x250> kTable = make_table();

struct Range {
  char32_t first;
  char32_t last;
  std::uint8_t letter;
};

// Beyond the table: what is no letter, and what is Latin. All else counts as letters of other scripts.
constexpr std::array<Range, 7> kRanges = {{{0x2B0, 0x36F, 0},  // modifiers and combining marks
                                           {0x1E00, 0x1EFF, kRareLatinLetter},
                                           {0x2000, 0x2BFF, 0},  // punctuation, signs, arrows
                                           {0x3000, 0x303F, 0},
                                           {0xD800, 0xF8FF, 0},
                                           {0xFE00, 0xFE0F, 0},
                                           {0xFFF0, 0x1FFFF, 0}}};

}  // namespace

const std::array<std::uint8_t, 0x250>& language_letters() { return kTable; }

std::uint8_t language_letter(char32_t point) {
  if (point < kTable.size()) return kTable[point];
  for (const Range& range : kRanges) {
    if (point >= range.first && point <= range.last) return range.letter;
  }
  return kForeignLetter;
}

}  // namespace gpt::text
