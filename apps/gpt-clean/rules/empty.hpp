#pragma once

#include "apps/gpt-clean/rules/rule_kind.hpp"

namespace gpt::clean {

// Drops documents without any text.
class EmptyRule : public Rule {
 public:
  EmptyRule() : Rule("empty", Unit::documents_dropped) {}
  Outcome apply(WorkingDocument& document) override {
    return document.text.empty() ? dropped("") : untouched();
  }
};

RuleKind empty_kind();

}  // namespace gpt::clean
