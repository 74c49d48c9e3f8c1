#include "apps/gpt-clean/rules/empty.hpp"

namespace gpt::clean {

RuleKind empty_kind() {
  return {.name = "empty",
          .summary = "Drops documents without any text",
          .source = "",
          .unit = Rule::Unit::documents_dropped,
          .parameters = {},
          .make = [](const Settings&) { return std::make_unique<EmptyRule>(); }};
}

}  // namespace gpt::clean
