#pragma once

#include "apps/gpt-clean/rules/measure_rule.hpp"

namespace gpt::clean {

// The share of letters that are å ä ö æ ø þ ð and their like (of Latin-1, beyond ASCII) in documents
// identified as Swedish, Danish, Norwegian, Finnish, Icelandic or Faroese. Text of these languages without
// them has lost them, or was written by someone who had no keyboard for it. Other documents are not judged.
RuleKind nordic_letters_kind();

}  // namespace gpt::clean
