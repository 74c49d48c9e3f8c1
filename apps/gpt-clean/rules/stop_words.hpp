#pragma once

#include "apps/gpt-clean/rules/measure_rule.hpp"

namespace gpt::clean {

// How many of a language's commonest words a document has, each counted once: running text has several, lists
// and tables have none. The language is the document's, as a rule before this one identified it; its words
// come from share/stop-words. Where it is not known, or is English, the parameter's words count; documents in
// a language without a list are not judged.
RuleKind stop_words_kind();

}  // namespace gpt::clean
