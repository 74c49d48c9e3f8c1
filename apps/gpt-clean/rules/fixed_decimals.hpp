#pragma once

#include <array>
#include <charconv>
#include <string>

namespace gpt::clean {

// 0.5 with two decimals is "0.50". For numbers between 0 and 1.
inline std::string with_decimals(double number, int decimals) {
  std::array<char, 32> digits;
  const auto end =
      std::to_chars(digits.data(), digits.data() + digits.size(), number, std::chars_format::fixed, decimals);
  return std::string(digits.data(), end.ptr);
}

}  // namespace gpt::clean
