#pragma once

#include <string>
#include <string_view>

#include "apps/gpt-clean/rules/rule_kind.hpp"

namespace gpt::clean {

// Joins words that were divided at line ends: "exem-\npel på" becomes "exempel\npå". A hyphen that the word
// has anyway stays: where the text writes the word with it elsewhere ("e-\npost" beside "e-post"), behind one
// letter, a digit, capitals ("SMS-\nlån" becomes "SMS-lån") or letters without a vowel ("tv-\nserie"), and in
// addresses and the like. What waits for its second half ("för-\noch nackdelar") stays as it is. text: valid
// UTF-8 with '\n' line ends. Doing it twice changes nothing more.
std::string join_divided_words(std::string_view text);

class LineHyphensRule : public Rule {
 public:
  LineHyphensRule() : Rule("line-hyphens", Unit::documents_changed) {}
  Outcome apply(WorkingDocument& document) override;
};

RuleKind line_hyphens_kind();

}  // namespace gpt::clean
