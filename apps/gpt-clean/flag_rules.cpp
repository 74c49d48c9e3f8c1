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

// The rules on sentences that the flags mean; the first of them lays the sentences out.
std::vector<std::string> sentence_rules(const Options& options) {
  std::vector<std::string> rules;
  const auto add = [&](const std::string& rule) {
    const std::string layout = options.split_sentences && rules.empty() ? " layout=one-a-line" : "";
    const std::string language =
        options.sentence_language.empty() ? "" : " language=" + options.sentence_language;
    rules.push_back(rule + layout + language);
  };
  if (options.split_sentences || options.min_chars_per_sentence > 0) {
    add("min-chars-per-sentence min=" + std::to_string(options.min_chars_per_sentence));
  }
  if (options.max_chars_per_sentence > 0) {
    add("max-chars-per-sentence max=" + std::to_string(options.max_chars_per_sentence));
  }
  if (options.min_words_per_sentence > 0) {
    add("min-words-per-sentence min=" + std::to_string(options.min_words_per_sentence));
  }
  return rules;
}

bool is_wanted(const RuleKind& redaction, const std::vector<std::string>& kinds) {
  return std::any_of(kinds.begin(), kinds.end(),
                     [&](const std::string& kind) { return redaction.name == "redact-" + kind; });
}

}  // namespace

RecipeOptions with_rules_of_flags(const Options& options) {
  std::vector<std::string> changes;
  const std::vector<std::string> on_sentences = sentence_rules(options);
  const bool splits_by_document = !on_sentences.empty() && options.sentence_language.empty();
  if (!options.languages.empty()) {
    changes.push_back("language keep=" + joined(options.languages));
  } else if (splits_by_document && text::LanguageIdentifier::available()) {
    changes.push_back("language");
  }
  if (options.min_chars > 0) changes.push_back("min-chars min=" + std::to_string(options.min_chars));
  changes.insert(changes.end(), on_sentences.begin(), on_sentences.end());
  for (const RuleKind& kind : redact_kinds()) {
    if (is_wanted(kind, options.redact)) changes.push_back(kind.name);
  }
  RecipeOptions recipe = options.recipe;
  recipe.changes.insert(recipe.changes.begin(), changes.begin(), changes.end());
  return recipe;
}

}  // namespace gpt::clean
