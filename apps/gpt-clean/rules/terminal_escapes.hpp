#pragma once

#include <string>
#include <string_view>

#include "apps/gpt-clean/rules/rule_kind.hpp"

namespace gpt::clean {

// Removes the control sequences of terminals (ECMA-48): colours, cursor movements, window titles.
std::string remove_terminal_escapes(std::string_view text);

class TerminalEscapesRule : public Rule {
 public:
  TerminalEscapesRule() : Rule("terminal-escapes", Unit::documents_changed) {}
  Outcome apply(WorkingDocument& document) override;
};

RuleKind terminal_escapes_kind();

}  // namespace gpt::clean
