#include "apps/gpt-clean/flag_rules.hpp"

#include <algorithm>
#include <array>
#include <string>
#include <string_view>

#include "apps/gpt-clean/rules/measure_rule.hpp"
#include "apps/gpt-clean/rules/redact.hpp"

namespace gpt::clean {
namespace {

constexpr std::array<std::string_view, 3> kLanguageRules = {"language", "language-of-lines",
                                                            "language-of-sentences"};

std::string joined(const std::vector<std::string>& words) {
  std::string text;
  for (const auto& word : words) text += (text.empty() ? "" : ",") + word;
  return text;
}

// Languages, and no others, that the nordic preset is made for.
bool wants_nordic_languages(const RuleOptions& options) {
  constexpr std::array<std::string_view, 7> kNordic = {"sv", "da", "nb", "nn", "no", "fi", "is"};
  const auto is_nordic = [&](const std::string& language) {
    return std::find(kNordic.begin(), kNordic.end(), language) != kNordic.end();
  };
  return !options.languages.empty() &&
         std::all_of(options.languages.begin(), options.languages.end(), is_nordic);
}

RecipeOptions with_preset_of_languages(const RuleOptions& options) {
  RecipeOptions recipe = options.recipe;
  if (!recipe.preset && !recipe.file && !recipe.only && wants_nordic_languages(options))
    recipe.preset = "nordic";
  return recipe;
}

std::string_view name_of(LanguageUnit unit) { return kLanguageRules[static_cast<std::size_t>(unit)]; }

// Gives the recipe's rules on language the languages wanted; with a unit they become one rule, of that unit.
void ask_for_languages(Recipe& recipe, const RuleOptions& options) {
  std::string settings = " keep=" + joined(options.languages);
  if (options.language_confidence) settings += " confidence=" + short_number(*options.language_confidence);
  const auto change = [&](std::string_view name) {
    recipe.change_or_throw(std::string(name) + settings, "--language", Place::behind_repairs);
  };
  const std::string_view unit = name_of(options.language_unit.value_or(LanguageUnit::document));
  bool has_unit = recipe.has(unit);
  for (const std::string_view name : kLanguageRules) {
    if (!recipe.has(name) || name == unit) continue;
    if (!options.language_unit) {
      change(name);
    } else if (has_unit) {
      recipe.leave_out_or_throw(name);
    } else {
      recipe.replace_or_throw(name, std::string(unit) + settings, "--language");
    }
    has_unit = true;
  }
  if (recipe.has(unit) || !has_unit) change(unit);
  if (recipe.has("short-foreign")) {
    recipe.change_or_throw("short-foreign keep=" + joined(options.languages), "--language");
  }
}

void limit_sentences(Recipe& recipe, const RuleOptions& options) {
  const std::string language =
      options.sentence_language.empty() ? "" : " language=" + options.sentence_language;
  const auto limit = [&](const std::string& setting, std::optional<std::size_t> value) {
    if (!value) return;
    const std::string name = setting.substr(0, setting.find(' '));
    recipe.change_or_throw(setting + std::to_string(*value) + language, "--" + name, Place::behind_opening);
  };
  limit("min-chars-per-sentence min=", options.min_chars_per_sentence);
  limit("max-chars-per-sentence max=", options.max_chars_per_sentence);
  limit("min-words-per-sentence min=", options.min_words_per_sentence);
  if (options.split_sentences) recipe.change_or_throw("split-sentences" + language, "--split-sentences");
}

// A min-tokens of --rule counts by the vocabulary too.
void count_by_vocabulary(RecipeOptions& recipe_options, const Recipe& recipe, const RuleOptions& options) {
  const auto& changes = recipe_options.changes;
  const bool is_changed = std::any_of(changes.begin(), changes.end(), [](const std::string& change) {
    return change.starts_with("min-tokens") || change.starts_with("min_tokens");
  });
  if (!recipe.has("min-tokens") && !is_changed) return;
  std::string files = "min-tokens";
  if (!options.vocab_file.empty()) files += " vocab-file=" + quoted(options.vocab_file);
  if (!options.merge_file.empty()) files += " merge-file=" + quoted(options.merge_file);
  if (files != "min-tokens") recipe_options.changes.push_back(files);
}

void limit_documents(Recipe& recipe, const RuleOptions& options) {
  if (options.min_chars)
    recipe.change_or_throw("min-chars min=" + std::to_string(*options.min_chars), "--min-chars");
  if (options.min_tokens)
    recipe.change_or_throw("min-tokens min=" + std::to_string(*options.min_tokens), "--min-tokens");
  if (options.bad_words)
    recipe.change_or_throw("bad-words file=" + quoted(*options.bad_words), "--bad-words");
}

void mask(Recipe& recipe, const RuleOptions& options) {
  for (const RuleKind& kind : redact_kinds()) {
    const bool is_wanted =
        std::any_of(options.redact.begin(), options.redact.end(),
                    [&](const std::string& what) { return kind.name == "redact-" + what; });
    if (is_wanted) recipe.change_or_throw(kind.name, "--redact");
  }
}

}  // namespace

Recipe recipe_or_throw(const RuleOptions& options) {
  RecipeOptions recipe_options = with_preset_of_languages(options);
  Recipe recipe = begin_recipe_or_throw(recipe_options);
  if (!options.languages.empty()) ask_for_languages(recipe, options);
  limit_sentences(recipe, options);
  limit_documents(recipe, options);
  mask(recipe, options);
  count_by_vocabulary(recipe_options, recipe, options);
  complete_recipe_or_throw(recipe, recipe_options,
                           language_field_of(options).empty() ? Recipe::Besides::nothing_uses_language
                                                              : Recipe::Besides::language_is_written);
  return recipe;
}

std::string beginning_of_recipe(const RuleOptions& options) {
  const RecipeOptions recipe = with_preset_of_languages(options);
  if (recipe.file) return "recipe " + *recipe.file;
  return recipe.only ? "no preset" : "preset " + recipe.preset.value_or("repair");
}

}  // namespace gpt::clean
