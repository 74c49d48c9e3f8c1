#pragma once

#include "apps/gpt-clean/options.hpp"

namespace gpt::clean {

// The recipe that is asked for: the beginning, or the preset nordic where the languages wanted are all
// Nordic; the rules that flags such as --min-chars mean; the changes of --rule; without what --without names.
// A flag whose rule the recipe has changes that one. Else rules on language and sentences come right behind
// the repairs and what cuts lines, before the rules that judge what these leave; others at the end.
Recipe recipe_or_throw(const RuleOptions& options);

// What the recipe of those options begins with, for people: "preset nordic", "recipe my.rules".
std::string beginning_of_recipe(const RuleOptions& options);

}  // namespace gpt::clean
