#pragma once

#include <string>
#include <vector>

#include "apps/gpt-clean/rules/rule_kind.hpp"
#include "libcommon/text/language.hpp"

namespace gpt::clean {

// Identifies the language of a document on a bounded sample of it, and drops the document when it is none of
// those wanted. With none wanted it only notes the language for the rules that follow.
class LanguageRule : public Rule {
 public:
  explicit LanguageRule(std::vector<std::string> wanted)
      : Rule("language", Unit::documents_dropped), wanted_(std::move(wanted)) {}
  Outcome apply(WorkingDocument& document) override;

 private:
  std::vector<std::string> wanted_;
  text::LanguageIdentifier identifier_;
};

RuleKind language_kind();

}  // namespace gpt::clean
