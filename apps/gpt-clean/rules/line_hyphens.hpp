#pragma once

#include <string>
#include <string_view>

#include "apps/gpt-clean/rules/rule_kind.hpp"

namespace gpt::clean {

// Joins words that were divided at line ends: "exem-\npel på" becomes "exempel\npå". A hyphen that the word
// has anyway stays: where the text writes the word with it elsewhere ("e-\npost" beside "e-post"), behind one
// letter, a digit or a capital ("tv-\nserie" is left to the text, "SMS-\nlån" is not joined). What waits for
// its second half ("för-\noch nackdelar") stays as it is. text: valid UTF-8 with '\n' line ends.
std::string join_divided_words(std::string_view text);

class LineHyphensRule : public Rule {
 public:
  LineHyphensRule() : Rule("line-hyphens", Unit::documents_changed) {}
  Outcome apply(WorkingDocument& document) override;
};

RuleKind line_hyphens_kind();

}  // namespace gpt::clean
