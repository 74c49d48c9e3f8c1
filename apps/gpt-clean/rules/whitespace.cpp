#include "apps/gpt-clean/rules/whitespace.hpp"

#include "libcommon/text/whitespace.hpp"

namespace gpt::clean {

Outcome WhitespaceRule::apply(WorkingDocument& document) {
  if (text::is_folded(document.text)) return untouched();
  std::string folded = text::fold_whitespace(document.text);
  if (folded == document.text) return untouched();
  document.text = std::move(folded);
  return changed();
}

RuleKind whitespace_kind() {
  return {.name = "whitespace",
          .summary =
              "One space for a run of spaces, a line feed for every kind of line end, one blank line at most",
          .source = "",
          .unit = Rule::Unit::documents_changed,
          .parameters = {},
          .make = [](const Settings&) { return std::make_unique<WhitespaceRule>(); }};
}

}  // namespace gpt::clean
