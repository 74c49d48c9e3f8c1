#pragma once

#include <string_view>
#include <vector>

#include "apps/gpt-clean/rules/rule_kind.hpp"

namespace gpt::clean {

// Every kind of rule there is, in the order in which `gpt-clean rules` lists them: repairs, then what drops
// lines and sentences, then what drops documents.
const std::vector<RuleKind>& catalogue();

// The kind of a name, in which `_` stands for `-` too. Throws cli::UsageError with the nearest name where
// there is none.
const RuleKind& kind_or_throw(std::string_view typed);

}  // namespace gpt::clean
