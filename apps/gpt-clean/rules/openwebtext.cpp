#include "apps/gpt-clean/rules/openwebtext.hpp"

#include <algorithm>
#include <memory>
#include <utility>
#include <vector>

#include <unicode/uchar.h>

#include "apps/gpt-clean/rules/phrase_finder.hpp"
#include "libcommon/text/language.hpp"
#include "libcommon/text/utf8.hpp"

namespace gpt::clean {
namespace {

constexpr const char* kSource = "cleanup_fix_dataset.py of Megatron-LM";

class ShortJavascriptRule : public Rule {
 public:
  ShortJavascriptRule(const RuleKind& kind, std::size_t below)
      : Rule(kind.name, Unit::documents_dropped), below_(below), finder_({"javascript"}) {}
  Outcome apply(WorkingDocument& document) override {
    const std::size_t characters = document.characters();
    if (characters >= below_ || !finder_.occurs_in(document.text)) return untouched();
    return dropped(std::to_string(characters) + " characters");
  }

 private:
  std::size_t below_;
  PhraseFinder finder_;
};

class ShortForeignRule : public Rule {
 public:
  ShortForeignRule(const RuleKind& kind, std::size_t below, std::vector<std::string> wanted)
      : Rule(kind.name, Unit::documents_dropped), below_(below), wanted_(std::move(wanted)) {}
  Outcome apply(WorkingDocument& document) override {
    if (document.characters() >= below_) return untouched();
    const bool is_wanted = std::any_of(wanted_.begin(), wanted_.end(), [&](const std::string& wanted) {
      return text::language_matches(document.language, wanted);
    });
    return is_wanted ? untouched() : dropped(document.language);
  }

 private:
  std::size_t below_;
  std::vector<std::string> wanted_;
};

class GeneralCleaningRule : public Rule {
 public:
  explicit GeneralCleaningRule(const RuleKind& kind) : Rule(kind.name, Unit::documents_changed) {}
  Outcome apply(WorkingDocument& document) override {
    std::string cleaned = general_cleaning(document.text);
    if (cleaned == document.text) return untouched();
    document.text = std::move(cleaned);
    return changed();
  }
};

// Whether a word of Python's regular expressions ends here: a letter, a digit or an underscore.
bool ends_with_word(std::string_view text) {
  if (text.empty()) return false;
  const char32_t point = text::decode_utf8(text.substr(text::point_before(text, text.size()))).point;
  return point == '_' || u_isalnum(static_cast<UChar32>(point)) != 0;
}

std::size_t run_length(std::string_view text, std::size_t at, char c) {
  const std::size_t end = std::min(text.find_first_not_of(c, at), text.size());
  return end - at;
}

}  // namespace

std::string general_cleaning(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t plain = std::min(text.find_first_of(" \n", at), text.size());
    out.append(text, at, plain - at);
    at = plain;
    if (at == text.size()) break;
    const std::size_t run = run_length(text, at, text[at]);
    const std::size_t end = at + run;
    if (text[at] == ' ') {
      out.push_back(' ');
      at = end;
    } else if (ends_with_word(text.substr(0, at))) {
      out.push_back(' ');
      at = end < text.size() && text[end] == ' ' ? end + 1 : end;
    } else {
      out.append(run, '\n');
      at = end;
    }
  }
  return out;
}

RuleKind short_javascript_kind() {
  return {.name = "short-javascript",
          .summary = "Drops short documents that speak of JavaScript",
          .source = kSource,
          .unit = Rule::Unit::documents_dropped,
          .parameters = {{"below", "256", "documents with that many characters or more stay"}},
          .make = [](const Settings& settings) {
            return std::make_unique<ShortJavascriptRule>(settings.kind(), settings.count_or_throw("below"));
          }};
}

RuleKind short_foreign_kind() {
  return {.name = "short-foreign",
          .summary = "Drops short documents in other languages, as a rule before this one identified them",
          .source = kSource,
          .unit = Rule::Unit::documents_dropped,
          .parameters = {{"below", "512", "documents with that many characters or more stay"},
                         {"keep", "en", "languages that stay, ISO 639 codes"}},
          .uses_language = true,
          .make = [](const Settings& settings) {
            return std::make_unique<ShortForeignRule>(settings.kind(), settings.count_or_throw("below"),
                                                      settings.list_or_throw("keep"));
          }};
}

RuleKind general_cleaning_kind() {
  return {.name = "general-cleaning",
          .summary = "One space for a run of spaces, and for line ends behind a word",
          .source = kSource,
          .unit = Rule::Unit::documents_changed,
          .parameters = {},
          .make = [](const Settings& settings) {
            return std::make_unique<GeneralCleaningRule>(settings.kind());
          }};
}

}  // namespace gpt::clean
