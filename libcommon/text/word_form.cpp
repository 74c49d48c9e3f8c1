#include "libcommon/text/word_form.hpp"

#include <algorithm>

#include <unicode/uchar.h>

#include "libcommon/text/utf8.hpp"
#include "libcommon/text/whitespace.hpp"

namespace gpt::text {
namespace {

bool is_one_of(char32_t point, std::u32string_view set) {
  return set.find(point) != std::u32string_view::npos;
}

// Quotation marks close in one language what they open in another.
constexpr std::u32string_view kQuotes = U"\"'”’“‘»«›‹„‚";

}  // namespace

bool is_blank(char32_t point) { return is_space(point) || is_line_end(point); }
bool is_upper(char32_t point) {
  return u_isupper(static_cast<UChar32>(point)) || u_istitle(static_cast<UChar32>(point));
}
bool is_lower(char32_t point) { return u_islower(static_cast<UChar32>(point)); }
bool is_letter(char32_t point) { return u_isalpha(static_cast<UChar32>(point)); }
bool is_digit(char32_t point) { return u_isdigit(static_cast<UChar32>(point)); }

bool is_quote(char32_t point) { return is_one_of(point, kQuotes); }
bool closes(char32_t point) { return is_quote(point) || is_one_of(point, U")]}"); }
bool opens(char32_t point) { return is_quote(point) || is_one_of(point, U"([{¿¡-–—•*·"); }

bool is_number(std::string_view word) {
  return std::all_of(word.begin(), word.end(), [](char c) { return c >= '0' && c <= '9'; });
}

bool is_initial(std::string_view word) {
  const DecodedPoint decoded = decode_utf8(word);
  return decoded.length == word.size() && is_letter(decoded.point);
}

bool is_dotted(std::string_view word) {
  bool dot = false;
  std::size_t letters = 0;  // since the last dot
  bool plain = true;
  for_each_code_point(word, [&](char32_t point, std::size_t, std::size_t) {
    if (point == '.') {
      dot = true;
      plain = plain && letters > 0;
      letters = 0;
    } else {
      plain = plain && is_letter(point) && ++letters <= 3;
    }
  });
  return dot && plain;
}

bool is_plain_long_word(std::string_view word) {
  bool plain = true;
  std::size_t letters = 0;
  for_each_code_point(word, [&](char32_t point, std::size_t, std::size_t) {
    plain = plain && is_lower(point);
    ++letters;
  });
  return plain && letters >= 6;
}

bool is_in_capitals(std::string_view word) {
  bool all_upper = true;
  std::size_t letters = 0;
  for_each_code_point(word, [&](char32_t point, std::size_t, std::size_t) {
    all_upper = all_upper && is_upper(point);
    ++letters;
  });
  return all_upper && letters >= 4;
}

bool is_capitalised(std::string_view word) {
  const DecodedPoint first = decode_utf8(word);
  return is_upper(first.point) &&
         (first.length == word.size() || is_lower(decode_utf8(word.substr(first.length)).point));
}

bool ends_heading(std::string_view word) {
  char32_t last = 0;
  for_each_code_point(word, [&](char32_t point, std::size_t, std::size_t) { last = point; });
  return is_lower(last) || is_in_capitals(word);
}

}  // namespace gpt::text
