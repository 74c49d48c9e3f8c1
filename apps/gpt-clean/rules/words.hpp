#pragma once

#include "apps/gpt-clean/rules/measure_rule.hpp"

namespace gpt::clean {

// Rules on the words of a document. A word is a run without white space; one without a letter or a digit is a
// symbol and no word where words are counted and measured.

RuleKind word_count_kind();
RuleKind mean_word_length_kind();
// The share of all runs, symbols too, that hold a letter.
RuleKind alphabetic_words_kind();
// "#" and "…" or "..." to each word; the greater of both shares.
RuleKind symbol_words_kind();
// Addresses of web pages to each word.
RuleKind urls_kind();
// Digits among the characters that are no white space.
RuleKind digits_kind();

}  // namespace gpt::clean
