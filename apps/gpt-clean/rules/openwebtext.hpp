#pragma once

#include <string>
#include <string_view>

#include "apps/gpt-clean/rules/rule_kind.hpp"

namespace gpt::clean {

// Rules of Megatron-LM's scripts for OpenWebText that no other rule covers (remove_512 is min-chars).

RuleKind short_javascript_kind();  // remove_256_javascript
RuleKind short_foreign_kind();     // remove_512_non_english, for any language
RuleKind general_cleaning_kind();  // general_cleaning

// One space for each run of two spaces or more; one, too, for a run of line ends behind a letter, digit or
// underscore, with a space after it if there is one.
std::string general_cleaning(std::string_view text);

}  // namespace gpt::clean
