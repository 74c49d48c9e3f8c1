#pragma once

#include "apps/gpt-clean/rules/rule_kind.hpp"

namespace gpt::clean {

// Drops documents of few tokens. With a vocabulary these are counted, as far as is needed to know that there
// are enough; without one a token is taken to be four bytes, about what GPT-2's are in English.
RuleKind min_tokens_kind();

}  // namespace gpt::clean
