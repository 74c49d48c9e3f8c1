#pragma once

#include "apps/gpt-clean/rules/rule_kind.hpp"

namespace gpt::clean {

// One space for a run of spaces, '\n' for every line end, no white space at the ends of lines, one blank line
// at most.
class WhitespaceRule : public Rule {
 public:
  WhitespaceRule() : Rule("whitespace", Unit::documents_changed) {}
  Outcome apply(WorkingDocument& document) override;
};

RuleKind whitespace_kind();

}  // namespace gpt::clean
