#pragma once

#include "apps/gpt-clean/options.hpp"

namespace gpt::clean {

// The recipe that is asked for, or the preset nordic where the languages wanted are all Nordic, with the
// rules that flags such as --min-chars stand for as changes before those of --rule.
RecipeOptions with_rules_of_flags(const Options& options);

}  // namespace gpt::clean
