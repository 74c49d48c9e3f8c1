#pragma once

#include "apps/gpt-clean/rules/measure_rule.hpp"

namespace gpt::clean {

// Rules on runs of n words that repeat. The measures are shares of the characters of the text, white space
// included, of which the n-grams of `top` count theirs with a space between words, those of `duplicate`
// without.

// top-N-grams, n 2 to 4: the run that stands there most often, each time it does; nothing where none repeats.
RuleKind top_ngrams_kind(std::size_t n);
// duplicate-N-grams, n 5 to 10: all runs that stood there before, none of which share words.
RuleKind duplicate_ngrams_kind(std::size_t n);

}  // namespace gpt::clean
