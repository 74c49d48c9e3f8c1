#include "libgpt/cost/fitting_sizes.hpp"

namespace gpt::cost {

std::string nearest_multiples(std::int64_t number, std::int64_t unit) {
  const std::int64_t below = number / unit * unit;
  const std::string above = std::to_string(below + unit);
  return below == 0 ? above : std::to_string(below) + " and " + above;
}

std::string divisors_text(std::int64_t number) {
  std::string text;
  for (std::int64_t divisor = 1; divisor <= number && divisor <= 128; ++divisor) {
    if (number % divisor == 0) text += (text.empty() ? "" : ", ") + std::to_string(divisor);
  }
  return text;
}

}  // namespace gpt::cost
