#pragma once

#include "apps/gpt-clean/rules/measure_rule.hpp"

namespace gpt::clean {

// Sentences as the rules of the document's language find them (text/sentences.hpp), each with a word in it.
RuleKind sentence_count_kind();

}  // namespace gpt::clean
