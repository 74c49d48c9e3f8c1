#pragma once

#include <cstddef>

#include "apps/gpt-clean/rules/rule_kind.hpp"

namespace gpt::clean {

// Drops documents with fewer characters (code points) than the least number.
class MinCharsRule : public Rule {
 public:
  explicit MinCharsRule(std::size_t least) : Rule("min-chars", Unit::documents_dropped), least_(least) {}
  Outcome apply(WorkingDocument& document) override;

 private:
  std::size_t least_;
};

RuleKind min_chars_kind();

}  // namespace gpt::clean
