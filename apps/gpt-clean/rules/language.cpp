#include "apps/gpt-clean/rules/language.hpp"

#include <algorithm>

namespace gpt::clean {

Outcome LanguageRule::apply(WorkingDocument& document) {
  document.language = identifier_.identify(document.text).code;
  if (wanted_.empty()) return untouched();
  const auto match = std::find_if(wanted_.begin(), wanted_.end(), [&](const std::string& wanted) {
    return text::language_matches(document.language, wanted);
  });
  if (match == wanted_.end()) return dropped(document.language);
  document.language = *match;  // "nn" asked for, "no" identified: the more exact of both
  return untouched();
}

}  // namespace gpt::clean
