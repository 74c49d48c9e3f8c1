#pragma once

#include <string>
#include <string_view>

#include "apps/gpt-clean/rules/rule_kind.hpp"

namespace gpt::clean {

// Replaces HTML character references that were left in the text: every name of the HTML standard, those of
// letters in capitals too ("&EACUTE;"), decimal and hexadecimal numbers, each with its ';'; letters of
// Latin-1 and no-break spaces without it too. What was escaped several times is undone as often. Numbers that
// mean no character, and names that are not known, stay. Doing it twice changes nothing more. Time: linear.
std::string decode_entities(std::string_view text);

class EntitiesRule : public Rule {
 public:
  EntitiesRule() : Rule("html-entities", Unit::documents_changed) {}
  Outcome apply(WorkingDocument& document) override;
};

RuleKind html_entities_kind();

}  // namespace gpt::clean
