#pragma once

#include <map>
#include <string>
#include <string_view>

#include "apps/gpt-clean/rules/rule_kind.hpp"

namespace gpt::clean {

// Characters and what they become.
using PlainForms = std::map<char32_t, std::string>;

const PlainForms& straight_quotes();   // curly quotation marks and apostrophes: ' and "
const PlainForms& ligature_letters();  // of Latin: fi for U+FB01
const PlainForms& normal_widths();     // full-width ASCII, half-width kana and hangul, the ideographic space

std::string replace_characters(std::string_view text, const PlainForms& forms);

// Replaces the characters of a table; none of these rules is applied unless asked for.
class PlainFormsRule : public Rule {
 public:
  PlainFormsRule(std::string_view name, const PlainForms& forms);
  Outcome apply(WorkingDocument& document) override;

 private:
  const PlainForms& forms_;
};

RuleKind straight_quotes_kind();
RuleKind ligatures_kind();
RuleKind character_width_kind();

}  // namespace gpt::clean
