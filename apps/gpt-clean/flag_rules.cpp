#include "apps/gpt-clean/flag_rules.hpp"

#include <algorithm>
#include <array>
#include <string>
#include <string_view>
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

// Languages, and no others, that the nordic preset is made for.
bool wants_nordic_languages(const Options& options) {
  constexpr std::array<std::string_view, 7> kNordic = {"sv", "da", "nb", "nn", "no", "fi", "is"};
  const auto is_nordic = [&](const std::string& language) {
    return std::find(kNordic.begin(), kNordic.end(), language) != kNordic.end();
  };
  return !options.languages.empty() &&
         std::all_of(options.languages.begin(), options.languages.end(), is_nordic);
}

bool is_wanted(const RuleKind& redaction, const std::vector<std::string>& kinds) {
  return std::any_of(kinds.begin(), kinds.end(),
                     [&](const std::string& kind) { return redaction.name == "redact-" + kind; });
}

std::string language_rule(const Options& options) {
  std::string rule = options.language_unit == LanguageUnit::line       ? "language-of-lines"
                     : options.language_unit == LanguageUnit::sentence ? "language-of-sentences"
                                                                       : "language";
  rule += " keep=" + joined(options.languages);
  if (options.language_confidence) rule += " confidence=" + std::to_string(*options.language_confidence);
  return rule;
}

std::string token_rule(const Options& options) {
  std::string rule = "min-tokens min=" + std::to_string(options.min_tokens);
  if (!options.vocab_file.empty()) rule += " vocab-file=" + quoted(options.vocab_file);
  if (!options.merge_file.empty()) rule += " merge-file=" + quoted(options.merge_file);
  return rule;
}

}  // namespace

RecipeOptions with_rules_of_flags(const Options& options) {
  std::vector<std::string> changes;
  const std::vector<std::string> on_sentences = sentence_rules(options);
  const bool splits_by_document = !on_sentences.empty() && options.sentence_language.empty();
  const bool writes_language = !language_field_of(options).empty();
  if (!options.languages.empty()) {
    changes.push_back(language_rule(options));
  } else if ((splits_by_document || writes_language) && text::LanguageIdentifier::available()) {
    changes.push_back("language");
  }
  if (options.min_chars > 0) changes.push_back("min-chars min=" + std::to_string(options.min_chars));
  if (options.min_tokens > 0) changes.push_back(token_rule(options));
  if (options.bad_words) changes.push_back("bad-words file=" + quoted(*options.bad_words));
  changes.insert(changes.end(), on_sentences.begin(), on_sentences.end());
  for (const RuleKind& kind : redact_kinds()) {
    if (is_wanted(kind, options.redact)) changes.push_back(kind.name);
  }
  RecipeOptions recipe = options.recipe;
  if (!options.languages.empty())
    recipe.adjustments.push_back("short-foreign keep=" + joined(options.languages));
  if (!recipe.preset && !recipe.file && !recipe.only && wants_nordic_languages(options))
    recipe.preset = "nordic";
  recipe.changes.insert(recipe.changes.begin(), changes.begin(), changes.end());
  return recipe;
}

}  // namespace gpt::clean
