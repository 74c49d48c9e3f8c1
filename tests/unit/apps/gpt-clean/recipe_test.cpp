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
using clean::RecipeOptions;

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
  CHECK_THROWS_AS(read("min-chars-per-sentence layout=odd"), cli::UsageError);
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

TEST_CASE("flags stand for rules, and what drops sentences is followed by a look for empty documents") {
  Options options;
  options.min_chars = 9;
  options.min_chars_per_sentence = 4;
  options.sentence_language = "sv";
  const Recipe recipe = clean::recipe_or_throw(clean::with_rules_of_flags(options));
  CHECK(
      names_of(recipe) ==
      "html-entities mojibake terminal-escapes invisible-characters normalization whitespace empty min-chars "
      "min-chars-per-sentence empty ");
}

TEST_CASE("unknown presets are answered with those there are") {
  RecipeOptions options;
  options.preset = "goffer";
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
