#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "apps/gpt-clean/rules/rule_kind.hpp"

namespace gpt::clean {

// Where the rules of a run come from, as said on the command line.
struct RecipeOptions {
  std::optional<std::string> preset;  // share/presets/NAME.rules
  std::optional<std::string> only;    // the recipe itself
  std::optional<std::string> file;    // a recipe of one's own
  std::vector<std::string> changes;   // of --rule, each a line of a recipe
  std::vector<std::string> without;   // rules to leave out, applied last
};

// Where a rule goes that a recipe has not yet: behind the repairs it begins with; behind its opening, which
// is all that stands before the first rule that judges documents by something else than language; or at its
// end.
enum class Place { behind_repairs, behind_opening, at_end };

// The rules of a run with their settings, in the order in which they are applied. docs/formats/recipes.md
// describes the files: a rule a line, its name and key=value settings; `preset NAME` stands for the rules of
// a preset; # begins a comment.
class Recipe {
 public:
  // Appends the rules of a text. Throws cli::UsageError with origin and line where it does not follow the
  // format.
  void append_or_throw(std::string_view text, const std::string& origin);
  // The same with the text of a preset.
  void append_preset_or_throw(const std::string& name);
  // A line of a recipe: changes the settings it names of the rules of that name, or puts such a rule in its
  // place.
  void change_or_throw(const std::string& line, const std::string& origin, Place place = Place::at_end);
  // Turns the first rule of the name into that of the line, which is of another name; further ones go.
  void replace_or_throw(std::string_view name, const std::string& line, const std::string& origin);
  // Throws cli::UsageError where the recipe has no rule of that name.
  void leave_out_or_throw(std::string_view name);
  // What drops lines or sentences may leave nothing: an `empty` behind the last of these in the opening, and
  // in the whole, where there is none.
  void look_for_empty();
  // An `identify-language` behind the repairs where some rule uses the language and none before it says which
  // it is, and where `besides` says that something else does; nothing without an installed model.
  enum class Besides { nothing_uses_language, language_is_written };
  void identify_language(Besides besides);

  bool has(std::string_view name) const;
  const std::vector<Settings>& rules() const { return rules_; }
  std::string text() const;  // a recipe file that reads as this

 private:
  std::size_t place_of(Place place) const;
  std::size_t end_of_repairs() const;
  std::size_t end_of_opening() const;
  void look_for_empty(std::size_t end);

  std::vector<Settings> rules_;
  int nesting_ = 0;  // of presets that are being read
};

// A value of a setting as a recipe can hold it whatever is in it: in double quotes.
std::string quoted(const std::string& value);

// What a recipe begins with: a preset's rules, a file's, or `only`; else the preset repair, the rules that
// repair the text and drop documents without any.
Recipe begin_recipe_or_throw(const RecipeOptions& options);
// Applies the changes and what is to be left out, and puts in what other rules need.
void complete_recipe_or_throw(Recipe& recipe, const RecipeOptions& options, Recipe::Besides besides);

// Those of the toolkit's presets that are found in its share folder.
std::vector<std::string> installed_presets();

// New rules by the recipe. Throws cli::UsageError on a value that a rule does not take.
Rules make_rules_or_throw(const Recipe& recipe);

}  // namespace gpt::clean
