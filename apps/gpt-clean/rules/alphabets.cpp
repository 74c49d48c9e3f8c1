#include "apps/gpt-clean/rules/alphabets.hpp"

#include <array>
#include <string_view>
#include <vector>

#include <unicode/uchar.h>

namespace gpt::clean {
namespace {

// The letters beyond ASCII of a language, or of languages that differ little in them; loanwords included.
constexpr std::array<std::u32string_view, 28> kAlphabets = {
    U"åäöéüàèáæøôêëñçßîï",       // Swedish
    U"æøåéèêóòôüäöàçëáñ",        // Danish, Norwegian
    U"åäöšžéüâ",                 // Finnish, Sami's commoner letters
    U"áðéíóúýþæöøäå",            // Icelandic, Faroese
    U"äöüßéèàêáçñôâ",            // German
    U"éèëïöüäáíóúêçàñô",         // Dutch
    U"àâæçéèêëîïôœùûüÿäöñ",      // French
    U"áéíóúüñçàèìòùïª",          // Spanish, Catalan, Italian
    U"ãõáéíóúâêôàçü",            // Portuguese
    U"ăâîșțşţ",                  // Romanian
    U"ąćęłńóśźżéöüä",            // Polish
    U"áčďéěíňóřšťúůýžöüä",       // Czech
    U"áäčďéíĺľňóôŕšťúýžöü",      // Slovak
    U"áéíóöőúüű",                // Hungarian
    U"čćđšžéöü",                 // Croatian, Bosnian, Slovene
    U"āčēģīķļņšūžōŗ",            // Latvian
    U"ąčęėįšųūž",                // Lithuanian
    U"äõöüšž",                   // Estonian
    U"çğıöşüâîûə",               // Turkish, Azerbaijani
    U"ċġħżàèìòùé",               // Maltese
    U"ĉĝĥĵŝŭ",                   // Esperanto
    U"âêîôûŵŷáéëïöüàò",          // Welsh, Gaelic
    U"áàâãăạéèêíìĩóòôõơúùũưýđ",  // Vietnamese
    U"ёыэъ",                     // Russian
    U"ґєії",                     // Ukrainian
    U"ёіў",                      // Belarusian
    U"ђјљњћџ",                   // Serbian
    U"ѓќѕјљњџ",                  // Macedonian
};

// Cyrillic letters that the alphabets above share.
constexpr bool is_shared(char32_t letter) {
  return letter >= 0x430 && letter < 0x450 && letter != U'ы' && letter != U'э' && letter != U'ъ';
}

std::vector<Languages> make_table() {
  std::vector<Languages> table(0x500, kAnyLanguage);
  for (char32_t letter = 0xC0; letter < 0x180; ++letter) table[letter] = 0;
  for (char32_t letter = 0x400; letter < 0x500; ++letter)
    table[letter] = is_shared(letter) ? kAnyLanguage : 0;
  for (std::size_t i = 0; i < kAlphabets.size(); ++i) {
    for (const char32_t letter : kAlphabets[i]) {
      if (letter < table.size() && table[letter] != kAnyLanguage) table[letter] |= Languages{1} << i;
    }
  }
  for (char32_t letter = 0xC0; letter < 0x500; ++letter) {
    const auto small = static_cast<char32_t>(u_tolower(static_cast<UChar32>(letter)));
    if (small != letter && small < table.size() && small >= 0x80) table[letter] = table[small];
  }
  return table;
}

}  // namespace

Languages languages_writing(char32_t letter) {
  static const std::vector<Languages> table = make_table();
  return letter < table.size() ? table[letter] : kAnyLanguage;
}

}  // namespace gpt::clean
