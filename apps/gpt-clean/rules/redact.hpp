#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "apps/gpt-clean/rules/personal_data.hpp"
#include "apps/gpt-clean/rules/rule_kind.hpp"

namespace gpt::clean {

// The text with a mask in the place of each span; spans are in order.
std::string with_mask(std::string_view text, const std::vector<Span>& spans, std::string_view mask);

// Puts a mask in the place of one kind of personal data. The detail it gives is the mask, never what was
// found.
class RedactRule : public Rule {
 public:
  using Find = std::vector<Span> (*)(std::string_view);
  RedactRule(std::string_view name, std::string mask, Find find)
      : Rule(name, Unit::spans_masked), mask_(std::move(mask)), find_(find) {}
  Outcome apply(WorkingDocument& document) override;

 private:
  std::string mask_;
  Find find_;
};

// The kinds "redact-email", "redact-iban", "redact-ip", "redact-personnummer", "redact-phone", in the order
// in which they are to be applied: what has a checksum goes before what has none.
std::vector<RuleKind> redact_kinds();

}  // namespace gpt::clean
