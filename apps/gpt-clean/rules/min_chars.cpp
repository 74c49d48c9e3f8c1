#include "apps/gpt-clean/rules/min_chars.hpp"

#include <string>

namespace gpt::clean {

Outcome MinCharsRule::apply(WorkingDocument& document) {
  const std::size_t characters = document.characters();
  Outcome outcome = characters >= least_ ? untouched() : dropped(std::to_string(characters) + " characters");
  outcome.measure = static_cast<double>(characters);
  return outcome;
}

RuleKind min_chars_kind() {
  return {.name = "min-chars",
          .summary = "Drops documents with fewer characters",
          .source = "",
          .unit = Rule::Unit::documents_dropped,
          .parameters = {{"min", "0", "least number of characters (code points)"}},
          .make = [](const Settings& settings) {
            return std::make_unique<MinCharsRule>(settings.count_or_throw("min"));
          }};
}

}  // namespace gpt::clean
