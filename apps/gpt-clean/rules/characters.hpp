#pragma once

#include <string>
#include <string_view>

#include "apps/gpt-clean/rules/rule_kind.hpp"

namespace gpt::clean {

// Removes what is no visible text: control characters (but tab and line ends), zero-width spaces and joiners
// between Latin letters, byte order marks, soft hyphens, direction marks, object replacements, variation
// selectors behind letters, tags but those of flags, noncharacters. text: valid UTF-8. Doing it twice changes
// nothing more.
std::string remove_invisible(std::string_view text);

class InvisibleCharactersRule : public Rule {
 public:
  InvisibleCharactersRule() : Rule("invisible-characters", Unit::documents_changed) {}
  Outcome apply(WorkingDocument& document) override;
};

// Canonical composition (NFC). Of more than text::kMostMarks marks on a letter the rest goes.
class NormalizationRule : public Rule {
 public:
  NormalizationRule() : Rule("normalization", Unit::documents_changed) {}
  Outcome apply(WorkingDocument& document) override;
};

RuleKind invisible_characters_kind();

RuleKind normalization_kind();

}  // namespace gpt::clean
