#pragma once

#include "apps/gpt-clean/rules/measure_rule.hpp"

namespace gpt::clean {

// Rules on lines and paragraphs that stand in a document more than once; the first of each is no repetition.
// A paragraph ends at a blank line.

RuleKind duplicate_lines_kind();                 // their share of the lines
RuleKind duplicate_line_characters_kind();       // of the characters of the text
RuleKind duplicate_paragraphs_kind();            // their share of the paragraphs
RuleKind duplicate_paragraph_characters_kind();  // of the characters of the text

}  // namespace gpt::clean
