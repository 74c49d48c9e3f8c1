#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "apps/gpt-clean/rules/rule_kind.hpp"
#include "libcommon/text/language.hpp"

namespace gpt::clean {

// The language whose lists and rules serve for one that was identified: "" for "und", and for Norwegian of no
// certain form those of the commoner, "nb".
inline std::string code_of_rules(const std::string& identified) {
  if (identified == "und") return "";
  return identified == "no" ? "nb" : identified;
}

// The languages wanted, and how sure their identification has to be. No languages: all are wanted.
class WantedLanguages {
 public:
  WantedLanguages(std::vector<std::string> codes, double least_confidence)
      : codes_(std::move(codes)), least_confidence_(least_confidence) {}

  // Of a language wanted its code, the more exact of the two where one says Norwegian and the other which;
  // empty for a language that is not wanted.
  std::string code_if_wanted(std::string_view identified) const;
  bool is_sure(const text::IdentifiedLanguage& identified) const {
    return identified.code != "und" && identified.confidence >= least_confidence_;
  }
  bool are_all() const { return codes_.empty(); }

 private:
  std::vector<std::string> codes_;
  double least_confidence_;
};

// Throws cli::UsageError for a code that no text can be identified as: everything would be dropped.
std::vector<std::string> languages_or_throw(std::vector<std::string> codes);

// Identifies the language of a document on a bounded sample of it, and drops the document when it is none of
// those wanted or not surely so.
class LanguageRule : public Rule {
 public:
  explicit LanguageRule(std::vector<std::string> wanted, double least_confidence = 0.0)
      : Rule("language", Unit::documents_dropped), wanted_(std::move(wanted), least_confidence) {}
  Outcome apply(WorkingDocument& document) override;

 private:
  WantedLanguages wanted_;
  text::LanguageIdentifier identifier_;
};

// Identifies the language of a document likewise, for the rules that follow.
class IdentifyLanguageRule : public Rule {
 public:
  IdentifyLanguageRule() : Rule("identify-language", Unit::nothing) {}
  Outcome apply(WorkingDocument& document) override;

 private:
  text::LanguageIdentifier identifier_;
};

RuleKind language_kind();
RuleKind identify_language_kind();

}  // namespace gpt::clean
