#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace gpt::text {

// Code points that separate words on one line: space, tab, no-break and the other Unicode spaces.
bool is_space(char32_t point);
// Code points that end a line: LF, VT, FF, CR, NEL, LINE and PARAGRAPH SEPARATOR.
bool is_line_end(char32_t point);

struct WhitespaceRules {
  // Blank lines kept together at most; those at the beginning and the end of a text always go.
  std::size_t max_blank_lines = 1;
};

// Valid UTF-8 in; out with '\n' for every kind of line end, one ' ' for each run of spaces, none at the
// beginning or end of a line, and runs of blank lines shortened. Applying it twice changes nothing more.
std::string fold_whitespace(std::string_view text, const WhitespaceRules& rules = {});

// Whether fold_whitespace, with its standard rules, would leave a text as it is; told at memory speed where
// the text has little white space that is unusual. False may be said of a text that would stay.
bool is_folded(std::string_view text);

// Words of a text: runs without white space that hold at least one letter or digit.
std::size_t count_words(std::string_view text);

}  // namespace gpt::text
