#include "apps/gpt-clean/flag_rules.hpp"

#include <algorithm>
#include <string>
#include <utility>

#include "apps/gpt-clean/rules/redact.hpp"
#include "libcommon/text/language.hpp"

namespace gpt::clean {
namespace {

std::string joined(const std::vector<std::string>& words) {
  std::string text;
  for (const auto& word : words) text += (text.empty() ? "" : ",") + word;
  return text;
}

bool wants_sentences(const Options& options) {
  return options.split_sentences || options.min_chars_per_sentence > 0;
}

std::string sentence_rule(const Options& options) {
  std::string rule = "min-chars-per-sentence min=" + std::to_string(options.min_chars_per_sentence);
  if (options.split_sentences) rule += " layout=one-a-line";
  if (!options.sentence_language.empty()) rule += " language=" + options.sentence_language;
  return rule;
}

bool is_wanted(const RuleKind& redaction, const std::vector<std::string>& kinds) {
  return std::any_of(kinds.begin(), kinds.end(),
                     [&](const std::string& kind) { return redaction.name == "redact-" + kind; });
}

}  // namespace

RecipeOptions with_rules_of_flags(const Options& options) {
  std::vector<std::string> changes;
  const bool splits_by_document = wants_sentences(options) && options.sentence_language.empty();
  if (!options.languages.empty()) {
    changes.push_back("language keep=" + joined(options.languages));
  } else if (splits_by_document && text::LanguageIdentifier::available()) {
    changes.push_back("language");
  }
  if (options.min_chars > 0) changes.push_back("min-chars min=" + std::to_string(options.min_chars));
  if (wants_sentences(options)) changes.push_back(sentence_rule(options));
  for (const RuleKind& kind : redact_kinds()) {
    if (is_wanted(kind, options.redact)) changes.push_back(kind.name);
  }
  RecipeOptions recipe = options.recipe;
  recipe.changes.insert(recipe.changes.begin(), changes.begin(), changes.end());
  return recipe;
}

}  // namespace gpt::clean
