#include "apps/gpt-clean/rules/whitespace.hpp"

#include "libcommon/text/whitespace.hpp"

namespace gpt::clean {

Outcome WhitespaceRule::apply(WorkingDocument& document) {
  std::string folded = text::fold_whitespace(document.text);
  if (folded == document.text) return untouched();
  document.text = std::move(folded);
  return changed();
}

}  // namespace gpt::clean
