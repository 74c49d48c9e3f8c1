#pragma once

#include "apps/gpt-clean/rules/line_filter.hpp"

namespace gpt::clean {

// Rules that drop single lines.

RuleKind terminal_punctuation_kind();  // lines that do not end as sentences do, or end with an ellipsis
RuleKind words_per_line_kind();        // lines of few words
RuleKind long_words_kind();            // lines with a word of many characters
RuleKind javascript_lines_kind();      // lines that speak of JavaScript
RuleKind policy_lines_kind();          // lines on cookies and terms of use
// Short lines with what pages of a language say beside their text: calls to share, menus, cookie banners,
// rights. The phrases come from share/boilerplate; those of all languages asked for are looked for in every
// document.
RuleKind boilerplate_lines_kind();

}  // namespace gpt::clean
