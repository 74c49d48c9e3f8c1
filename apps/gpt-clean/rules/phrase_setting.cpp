#include "apps/gpt-clean/rules/phrase_setting.hpp"

#include <stdexcept>

namespace gpt::clean {

PhraseFinder finder_or_throw(const Settings& settings, std::string_view parameter,
                             const std::vector<std::string>& phrases, PhraseFinder::Place place) {
  try {
    return PhraseFinder(phrases, place);
  } catch (const std::length_error&) {
    settings.refuse(parameter, "a list of a few megabytes at most");
  }
}

PhraseFinder finder_or_throw(const Settings& settings, std::string_view parameter) {
  return finder_or_throw(settings, parameter, settings.list_or_throw(parameter));
}

}  // namespace gpt::clean
