#pragma once

#include <string>
#include <string_view>

#include "apps/gpt-clean/rules/rule_kind.hpp"

namespace gpt::clean {

// Undoes UTF-8 that was read as Windows-1252 or Latin-1 and written as UTF-8 again, up to three times over:
// "SmÃ¶rgÃ¥s" is "Smörgås". Only character runs that make sense as UTF-8 and hardly occur otherwise are
// touched, so text that mixes damaged and sound parts keeps the latter. text: valid UTF-8.
std::string undo_mojibake(std::string_view text);

class MojibakeRule : public Rule {
 public:
  MojibakeRule() : Rule("mojibake", Unit::documents_changed) {}
  Outcome apply(WorkingDocument& document) override;
};

RuleKind mojibake_kind();

}  // namespace gpt::clean
