#pragma once

#include <cstddef>
#include <string_view>

namespace gpt::clean {

inline constexpr std::size_t kLongestEntityName = 31;

// What a named character reference of HTML stands for, as UTF-8; name is without '&' and ';'. Empty for a
// name that there is not.
std::string_view entity_meaning(std::string_view name);

}  // namespace gpt::clean
