#pragma once

#include "apps/gpt-clean/rules/measure_rule.hpp"

namespace gpt::clean {

// Rules on what the lines of a document look like. Blank lines do not count.

RuleKind bullet_lines_kind();      // lines that begin with a bullet or a dash
RuleKind ellipsis_lines_kind();    // lines that end with an ellipsis
RuleKind line_punctuation_kind();  // lines that end as sentences do
RuleKind short_lines_kind();       // lines of few characters
RuleKind line_breaks_kind();       // line ends to each word

}  // namespace gpt::clean
