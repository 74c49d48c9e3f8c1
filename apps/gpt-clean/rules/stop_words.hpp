#pragma once

#include <string>

#include "apps/gpt-clean/rules/measure_rule.hpp"

namespace gpt::clean {

// How many of a language's commonest words a document has, each counted once: running text has several, lists
// and tables have none. The language is the document's, as a rule before this one identified it; its words
// come from share/stop-words. Where it is not known, or is English, Gopher's eight count; documents in a
// language without a list are not judged. Words given with the parameter count for every language.
RuleKind stop_words_kind();

// Whether documents in the language are judged without words of one's own.
bool has_stop_words(const std::string& language);

}  // namespace gpt::clean
