#include "apps/gpt-clean/rules/likely_letters.hpp"

#include <algorithm>
#include <array>
#include <string>

#include <unicode/uchar.h>

namespace gpt::clean {
namespace {

constexpr int kUnlikely = 10;
constexpr int kLessLikely = 5;

constexpr std::array<std::u32string_view, 51> kNordic = {
    U"at",   U"att",   U"av",    U"blandt", U"blei", U"blev",  U"blir",  U"bort",   U"dei",
    U"det",  U"detta", U"dette", U"dig",    U"eg",   U"eit",   U"eller", U"ett",    U"etter",
    U"fra",  U"hadde", U"hade",  U"han",    U"har",  U"hon",   U"hun",   U"hvad",   U"hvis",
    U"hvor", U"ikke",  U"ikkje", U"inte",   U"jag",  U"jeg",   U"kunne", U"kvar",   U"med",
    U"mig",  U"mot",   U"noe",   U"och",    U"og",   U"sig",   U"skal",  U"skulle", U"som",
    U"til",  U"till",  U"uden",  U"uten",   U"vil",  U"ville",
};
constexpr std::array<std::u32string_view, 38> kOthers = {
    U"auch", U"auf", U"aus",  U"az",   U"bei",   U"bir",   U"bu",   U"das",   U"dem",  U"des",
    U"die",  U"een", U"egy",  U"eine", U"einen", U"einer", U"gibi", U"het",   U"hogy", U"ich",
    U"im",   U"ist", U"kui",  U"mis",  U"mit",   U"nach",  U"nem",  U"nicht", U"oder", U"oli",
    U"sich", U"sie", U"sind", U"und",  U"van",   U"von",   U"wie",  U"zu",
};

bool is_ascii_letter(char32_t point) {
  return (point >= 'a' && point <= 'z') || (point >= 'A' && point <= 'Z');
}

bool is_among(const auto& words, std::u32string_view word) {
  return std::find(words.begin(), words.end(), word) != words.end();
}

bool is_letter(char32_t point) { return u_isalpha(static_cast<UChar32>(point)); }
bool is_capital(char32_t point) { return u_isupper(static_cast<UChar32>(point)); }

bool is_vowel(char32_t point) {
  constexpr std::u32string_view kVowels = U"aeiouyäöüåæøáéíóúàèìòùâêîôû";
  return kVowels.find(static_cast<char32_t>(u_tolower(static_cast<UChar32>(point)))) !=
         std::u32string_view::npos;
}

bool is_nordic(char32_t point) {
  constexpr std::u32string_view kLetters = U"åäöæøéðþáíóúýàüÅÄÖÆØÉÐÞÁÍÓÚÝ";
  return kLetters.find(point) != std::u32string_view::npos;
}

int unlikeliness_by_language(char32_t point, char32_t after, int nordic) {
  const bool is_a_ring = point == U'å' || point == U'Å';
  const bool is_u_umlaut = point == U'ü' || point == U'Ü';
  if (!is_a_ring && !is_u_umlaut) return nordic > 0 && point < 0x180 && !is_nordic(point) ? kLessLikely : 0;
  const bool is_unlikely = is_a_ring ? nordic < 0 : nordic > 0 || (nordic == 0 && !is_letter(after));
  return is_unlikely ? kLessLikely : 0;
}

int unlikeliness_of(char32_t before, char32_t point, char32_t after, int nordic) {
  // letters that hardly any language of Europe writes, Romanian's apart
  if (point >= 0x180 && point < 0x300 && (point < 0x218 || point > 0x21B)) return kUnlikely;
  if (!is_letter(point)) return point >= 0x300 && point < 0x370 ? kUnlikely : 0;
  if (point == U'ß') return is_vowel(before) ? 0 : kUnlikely;
  if (point == U'ù' && is_letter(after)) return kUnlikely;
  if (point == U'Ì' || point == U'Ò' || point == U'Ù') return kLessLikely;
  const bool is_second_capital =
      is_capital(before) && is_capital(point) && is_letter(after) && !is_capital(after);
  return (is_second_capital ? kUnlikely : 0) + unlikeliness_by_language(point, after, nordic);
}

}  // namespace

int nordic_words(std::u32string_view line) {
  constexpr std::size_t kLongest = 8;
  int found = 0;
  std::u32string word;
  for (std::size_t at = 0; at <= line.size(); ++at) {
    const char32_t point = at < line.size() ? line[at] : U' ';
    if (is_ascii_letter(point)) {
      if (word.size() <= kLongest) word.push_back(point | 0x20);
      continue;
    }
    // a character beyond ASCII makes a piece of a word of what stands beside it
    if (point < 0x80 && !word.empty())
      found += (is_among(kNordic, word) ? 1 : 0) - (is_among(kOthers, word) ? 1 : 0);
    word.clear();
    while (at + 1 < line.size() && point >= 0x80 && (line[at + 1] >= 0x80 || is_ascii_letter(line[at + 1])))
      ++at;
  }
  return found;
}

int nordic_letters(std::u32string_view points) {
  constexpr std::u32string_view kLetters = U"\u00C6\u00D8\u00E6\u00F8";
  return static_cast<int>(std::count_if(points.begin(), points.end(), [&](char32_t point) {
    return kLetters.find(point) != std::u32string_view::npos;
  }));
}

int unlikeliness(std::u32string_view points, char32_t before, char32_t after, int nordic) {
  int total = 0;
  for (std::size_t i = 0; i < points.size(); ++i) {
    if (points[i] < 0x80) continue;
    total += unlikeliness_of(i > 0 ? points[i - 1] : before, points[i],
                             i + 1 < points.size() ? points[i + 1] : after, nordic);
  }
  return total;
}

}  // namespace gpt::clean
