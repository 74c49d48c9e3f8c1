#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "apps/gpt-clean/rules/phrase_finder.hpp"
#include "apps/gpt-clean/rules/rule_kind.hpp"

namespace gpt::clean {

// A finder of the phrases of a rule. Refuses the parameter that gave them where they are too many.
PhraseFinder finder_or_throw(const Settings& settings, std::string_view parameter,
                             const std::vector<std::string>& phrases,
                             PhraseFinder::Place place = PhraseFinder::Place::anywhere);

// The same of a parameter that lists them.
PhraseFinder finder_or_throw(const Settings& settings, std::string_view parameter);

}  // namespace gpt::clean
