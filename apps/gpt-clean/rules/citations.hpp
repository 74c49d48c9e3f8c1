#pragma once

#include <string>
#include <string_view>

#include "apps/gpt-clean/rules/rule_kind.hpp"

namespace gpt::clean {

// The text without references as Wikipedia's pages have them: [12], [], [edit], [citation needed].
std::string remove_citations(std::string_view text);

RuleKind citations_kind();

}  // namespace gpt::clean
