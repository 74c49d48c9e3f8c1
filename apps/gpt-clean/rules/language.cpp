#include "apps/gpt-clean/rules/language.hpp"

#include <algorithm>

namespace gpt::clean {

Outcome LanguageRule::apply(WorkingDocument& document) {
  const text::IdentifiedLanguage identified = identifier_.identify(document.text);
  document.language = identified.code;
  document.language_confidence = identified.confidence;
  if (wanted_.empty()) return untouched();
  const auto match = std::find_if(wanted_.begin(), wanted_.end(), [&](const std::string& wanted) {
    return text::language_matches(document.language, wanted);
  });
  if (match == wanted_.end()) return dropped(document.language);
  document.language = *match;  // "nn" asked for, "no" identified: the more exact of both
  return untouched();
}

RuleKind language_kind() {
  return {
      .name = "language",
      .summary =
          "Drops documents in other languages than those wanted; notes the language for the rules behind it",
      .source = "",
      .unit = Rule::Unit::documents_dropped,
      .parameters = {{"keep", "", "languages to keep, ISO 639 codes: sv,da; none: all"}},
      .make = [](const Settings& settings) {
        return std::make_unique<LanguageRule>(settings.list_or_throw("keep"));
      }};
}

}  // namespace gpt::clean
