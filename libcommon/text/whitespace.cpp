#include "libcommon/text/whitespace.hpp"

#include <algorithm>

#include <unicode/uchar.h>

#include "libcommon/text/utf8.hpp"

namespace gpt::text {

bool is_space(char32_t point) {
  if (point < 0x80) return point == ' ' || point == '\t';
  return point == 0xA0 || point == 0x1680 || (point >= 0x2000 && point <= 0x200A) || point == 0x202F ||
         point == 0x205F || point == 0x3000;
}

bool is_line_end(char32_t point) {
  return (point >= '\n' && point <= '\r') || point == 0x85 || point == 0x2028 || point == 0x2029;
}

std::string fold_whitespace(std::string_view text, const WhitespaceRules& rules) {
  std::string out;
  out.reserve(text.size());
  std::size_t line_ends = 0;  // seen since the last visible character
  bool space = false;
  bool after_return = false;
  const auto separate = [&] {
    if (out.empty()) return;
    if (line_ends > 0) {
      out.append(std::min(line_ends, rules.max_blank_lines + 1), '\n');
    } else if (space) {
      out.push_back(' ');
    }
  };
  for_each_code_point(text, [&](char32_t point, std::size_t begin, std::size_t length) {
    if (is_line_end(point)) {
      if (point != '\n' || !after_return) ++line_ends;
    } else if (is_space(point)) {
      space = true;
    } else {
      if (space || line_ends > 0) separate();
      out.append(text, begin, length);
      space = false;
      line_ends = 0;
    }
    after_return = point == '\r';
  });
  return out;
}

std::size_t count_words(std::string_view text) {
  std::size_t words = 0;
  bool counted = false;
  for_each_code_point(text, [&](char32_t point, std::size_t, std::size_t) {
    if (is_space(point) || is_line_end(point)) {
      counted = false;
    } else if (!counted && u_isalnum(static_cast<UChar32>(point))) {
      counted = true;
      ++words;
    }
  });
  return words;
}

}  // namespace gpt::text
