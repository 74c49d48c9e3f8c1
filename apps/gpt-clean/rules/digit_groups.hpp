#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace gpt::clean {

// Groups of digits with single separators between them, as phone numbers are written.
struct DigitGroups {
  std::string digits;              // of all groups
  std::vector<std::size_t> sizes;  // digits of each group
  std::vector<std::size_t> ends;   // where each ends in the text
  std::string separators;  // behind each group but the last: ' ', '.', '/' or '-', the last for any hyphen

  std::size_t count() const { return sizes.size(); }
  std::size_t end() const { return ends.back(); }
  std::size_t longest_after_first() const;
  DigitGroups first(std::size_t groups) const;
};

// The groups from a digit or an area code in brackets on, until there are more than most_digits of digits. An
// area code in brackets is the first group, or the second behind '+' and the code of a country; it is parted
// from what follows as by a hyphen. "(0)" behind a group, which is dialled within a country only, is passed
// over.
DigitGroups digit_groups_at(std::string_view text, std::size_t begin, std::size_t most_digits);

}  // namespace gpt::clean
