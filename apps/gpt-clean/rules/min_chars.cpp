#include "apps/gpt-clean/rules/min_chars.hpp"

#include <string>

#include "libcommon/text/utf8.hpp"

namespace gpt::clean {

Outcome MinCharsRule::apply(WorkingDocument& document) {
  const std::size_t characters = text::count_code_points(document.text);
  if (characters >= least_) return untouched();
  return dropped(std::to_string(characters) + " characters");
}

}  // namespace gpt::clean
