#include "apps/gpt-clean/rules/language.hpp"

#include "apps/gpt-clean/rules/fixed_decimals.hpp"
#include "libcommon/cli/errors.hpp"

namespace gpt::clean {

std::string WantedLanguages::code_if_wanted(std::string_view identified) const {
  for (const std::string& code : codes_) {
    if (text::language_matches(identified, code)) return code == "no" ? std::string(identified) : code;
  }
  return codes_.empty() ? std::string(identified) : "";
}

std::vector<std::string> languages_or_throw(std::vector<std::string> codes) {
  if (codes.empty()) return codes;
  const text::LanguageIdentifier identifier;
  for (const std::string& code : codes) {
    if (identifier.can_name(code)) continue;
    throw cli::UsageError("no text can be identified as '" + code + "': known are " + identifier.own_codes() +
                          ", no for both kinds of Norwegian, and the codes of CLD2, where the toolkit was "
                          "built with it: ISO 639-1, with iw for Hebrew");
  }
  return codes;
}

namespace {

text::IdentifiedLanguage note_language(WorkingDocument& document,
                                       const text::LanguageIdentifier& identifier) {
  text::IdentifiedLanguage identified = identifier.identify(document.text);
  document.language = identified.code;
  document.language_confidence = identified.confidence;
  return identified;
}

}  // namespace

Outcome IdentifyLanguageRule::apply(WorkingDocument& document) {
  note_language(document, identifier_);
  return untouched();
}

Outcome LanguageRule::apply(WorkingDocument& document) {
  const text::IdentifiedLanguage identified = note_language(document, identifier_);
  if (wanted_.are_all()) return untouched();
  const std::string code = wanted_.code_if_wanted(identified.code);
  if (code.empty()) return dropped(identified.code);
  if (!wanted_.is_sure(identified)) {
    return dropped(identified.code + ", confidence " + with_decimals(identified.confidence, 2));
  }
  document.language = code;
  return untouched();
}

RuleKind language_kind() {
  return {.name = "language",
          .summary = "Drops documents in other languages than those wanted; tells the rules behind it which",
          .source = "",
          .unit = Rule::Unit::documents_dropped,
          .parameters = {{"keep", "", "languages to keep, ISO 639 codes: sv,da; none: all"},
                         {"confidence", "0", "least confidence of the identification, 0 to 1"}},
          .names_language = true,
          .make = [](const Settings& settings) {
            return std::make_unique<LanguageRule>(languages_or_throw(settings.list_or_throw("keep")),
                                                  settings.number_or_throw("confidence"));
          }};
}

RuleKind identify_language_kind() {
  return {.name = "identify-language",
          .summary = "Identifies the language for the rules behind it, and drops nothing",
          .source = "",
          .unit = Rule::Unit::nothing,
          .parameters = {},
          .names_language = true,
          .make = [](const Settings&) { return std::make_unique<IdentifyLanguageRule>(); }};
}

}  // namespace gpt::clean
