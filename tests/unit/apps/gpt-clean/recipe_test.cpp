#include "apps/gpt-clean/recipe.hpp"

#include <set>
#include <string>

#include <doctest/doctest.h>

#include "apps/gpt-clean/flag_rules.hpp"
#include "apps/gpt-clean/rules/catalogue.hpp"
#include "libcommon/cli/errors.hpp"

using namespace gpt;
using clean::Options;
using clean::Recipe;

namespace {

Recipe read(const std::string& text) {
  Recipe recipe;
  recipe.append_or_throw(text, "mine.rules");
  return recipe;
}

std::string names_of(const Recipe& recipe) {
  std::string names;
  for (const auto& rule : recipe.rules()) names += rule.kind().name + " ";
  return names;
}

}  // namespace

TEST_CASE("a recipe is read with comments, quotation marks and underscores, and written as it was meant") {
  const Recipe recipe =
      read("# what comes first\n\nmin_chars  min=3 # the least\r\nlanguage keep=\"\"\nempty");
  CHECK(recipe.text() == "min-chars min=3\nlanguage keep=\"\"\nempty\n");
  CHECK(read(recipe.text()).text() == recipe.text());
}

TEST_CASE("mistakes in a recipe are told with their line") {
  CHECK_THROWS_WITH_AS(
      read("empty\nmin-cahrs min=3"),
      "mine.rules:2: there is no rule 'min-cahrs'; did you mean 'min-chars'? (gpt-clean rules "
      "lists them all)",
      cli::UsageError);
  CHECK_THROWS_WITH_AS(read("min-chars mim=3"),
                       "mine.rules:1: rule min-chars has no parameter 'mim'; did you mean 'min'?",
                       cli::UsageError);
  CHECK_THROWS_WITH_AS(read("min-chars min=-3"),
                       "mine.rules:1: rule min-chars: min=-3 is not a whole number from 0 on",
                       cli::UsageError);
  CHECK_THROWS_WITH_AS(read("min-chars 3"),
                       "mine.rules:1: rule min-chars: '3' is no setting; settings are written key=value",
                       cli::UsageError);
  CHECK_THROWS_AS(read("language keep=\"sv"), cli::UsageError);
  CHECK_THROWS_AS(read("min-chars-per-sentence min=odd"), cli::UsageError);
}

TEST_CASE("a change alters the settings it names in place, or appends the rule") {
  Recipe recipe = read("min-chars-per-sentence min=3 language=sv\nempty");
  recipe.change_or_throw("min-chars-per-sentence min=5", "--rule");
  recipe.change_or_throw("min-chars min=7", "--rule");
  CHECK(recipe.text() == "min-chars-per-sentence language=sv min=5\nempty\nmin-chars min=7\n");
  recipe.leave_out_or_throw("empty");
  CHECK(recipe.text() == "min-chars-per-sentence language=sv min=5\nmin-chars min=7\n");
  CHECK_THROWS_AS(recipe.leave_out_or_throw("empty"), cli::UsageError);
}

TEST_CASE("flags mean rules: those on sentences before those on documents, laying out and masking last") {
  Options options;
  options.min_chars = 9;
  options.min_chars_per_sentence = 4;
  options.sentence_language = "sv";
  options.split_sentences = true;
  options.redact = {"email"};
  CHECK(names_of(clean::recipe_or_throw(options)) ==
        "html-entities mojibake terminal-escapes invisible-characters normalization whitespace empty "
        "min-chars-per-sentence empty split-sentences min-chars redact-email ");
}

TEST_CASE("what flags cut is cut before the rules of the preset judge what is left") {
  for (const std::string preset : {"gopher", "c4", "megatron", "fineweb", "nordic"}) {
    CAPTURE(preset);
    Options options;
    options.recipe.preset = preset;
    options.languages = {"sv"};
    options.language_unit = clean::LanguageUnit::sentence;
    options.max_chars_per_sentence = 300;
    const Recipe recipe = clean::recipe_or_throw(options);
    const std::string names = names_of(recipe);
    CHECK(names.find(" language ") == std::string::npos);
    const auto language = names.find("empty language-of-sentences ");
    const auto sentences = names.find("max-chars-per-sentence empty ");
    CHECK(language != std::string::npos);
    CHECK(sentences != std::string::npos);
    CHECK(language < sentences);
    for (const auto& rule : recipe.rules()) {
      if (rule.kind().unit != clean::Rule::Unit::documents_dropped || rule.kind().name == "empty") continue;
      CHECK(names.find(" " + rule.kind().name + " ") > sentences);
    }
  }
}

TEST_CASE("--language changes the rules on language that a recipe has, whatever they cut") {
  const auto language_rules = [](Options options, const std::string& text) {
    options.recipe.only = text;
    return clean::recipe_or_throw(options).text();
  };
  Options options;
  options.languages = {"sv"};
  CHECK(language_rules(options, "min-chars min=1") == "language keep=sv\nmin-chars min=1\n");
  CHECK(language_rules(options, "language keep=en confidence=0.7\nlanguage-of-lines keep=en\nempty") ==
        "language confidence=0.7 keep=sv\nlanguage-of-lines keep=sv\nempty\n");
  CHECK(language_rules(options, "language-of-lines keep=en\nempty") == "language-of-lines keep=sv\nempty\n");
  options.language_unit = clean::LanguageUnit::line;
  options.language_confidence = 0.25;
  CHECK(language_rules(options, "language keep=en confidence=0.7\nlanguage-of-sentences keep=en\nempty") ==
        "language-of-lines confidence=0.25 keep=sv\nempty\n");
  options.language_unit = clean::LanguageUnit::document;
  CHECK(language_rules(options, "language-of-lines keep=en\nempty") ==
        "language confidence=0.25 keep=sv\nempty\n");
}

TEST_CASE("a flag changes the rule that a preset has, 0 included") {
  Options options;
  options.recipe.preset = "megatron";
  options.min_chars = 0;
  options.min_tokens = 0;
  const std::string text = clean::recipe_or_throw(options).text();
  CHECK(text.find("\nmin-tokens min=0\n") != std::string::npos);
  CHECK(text.find("\nmin-chars min=0\n") != std::string::npos);
  CHECK(text.find("128") == std::string::npos);
}

TEST_CASE("the language is identified before the first rule that uses it, where no rule names it") {
  Options options;
  options.recipe.preset = "gopher";
  options.recipe.without = {"language"};
  CHECK(names_of(clean::recipe_or_throw(options)).find("empty identify-language word-count ") !=
        std::string::npos);
  options.recipe = {};
  options.recipe.only = "sentence-count\nlanguage keep=sv";
  CHECK(names_of(clean::recipe_or_throw(options)) == "identify-language sentence-count language ");
  options.recipe.only = "min-chars";
  CHECK(names_of(clean::recipe_or_throw(options)) == "min-chars ");
  options.language_field = "lang";
  CHECK(names_of(clean::recipe_or_throw(options)) == "identify-language min-chars ");
  options.recipe.only = "language keep=sv";
  CHECK(names_of(clean::recipe_or_throw(options)) == "language ");
  options.recipe.only = "min-chars-per-sentence language=sv\nempty";
  options.language_field = std::nullopt;
  CHECK(names_of(clean::recipe_or_throw(options)) == "min-chars-per-sentence empty ");
}

TEST_CASE("unknown presets are answered with those there are") {
  Options options;
  options.recipe.preset = "goffer";
  CHECK_THROWS_WITH_AS(clean::recipe_or_throw(options), doctest::Contains("there is no preset 'goffer'"),
                       cli::UsageError);
}

TEST_CASE("every kind of rule is found by its name and makes rules that bear it") {
  std::set<std::string> names;
  for (const auto& kind : clean::catalogue()) {
    CAPTURE(kind.name);
    CHECK(names.insert(kind.name).second);
    CHECK(&clean::kind_or_throw(kind.name) == &kind);
    CHECK_FALSE(kind.summary.empty());
    const auto rule = kind.make(clean::Settings(kind));
    CHECK(rule->name() == kind.name);
    CHECK(rule->unit() == kind.unit);
  }
}
