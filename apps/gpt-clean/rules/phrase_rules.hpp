#pragma once

#include "apps/gpt-clean/rules/rule_kind.hpp"

namespace gpt::clean {

// Rules that drop documents for a phrase that they hold.

RuleKind lorem_ipsum_kind();     // filler text
RuleKind curly_brackets_kind();  // programs and templates
// Words of a list of one's own, one a line, where no letter or digit stands beside them.
RuleKind bad_words_kind();

}  // namespace gpt::clean
