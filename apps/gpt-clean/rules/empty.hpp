#pragma once

#include "apps/gpt-clean/rules/rule.hpp"

namespace gpt::clean {

// Drops documents without any text.
class EmptyRule : public Rule {
 public:
  EmptyRule() : Rule("empty", Unit::documents_dropped) {}
  Outcome apply(WorkingDocument& document) override {
    return document.text.empty() ? dropped("") : untouched();
  }
};

}  // namespace gpt::clean
