#pragma once

#include <cstddef>
#include <memory>
#include <span>
#include <vector>

#include "apps/gpt-clean/rules/rule.hpp"

namespace gpt::clean {

// How many rules at the front of some only repair the text.
std::size_t count_leading_repairs(std::span<const std::unique_ptr<Rule>> rules);

// Applies rules that repair the text, in their order, and again as long as one of them finds something: what
// one of them takes away may have hidden what another mends ("&am" and "p;" on both sides of a soft hyphen).
// So texts that have been repaired stay as they are. What each rule found first.
std::vector<Outcome> apply_repairs(std::span<const std::unique_ptr<Rule>> repairs, WorkingDocument& document);

}  // namespace gpt::clean
