#pragma once

#include <cstdint>
#include <string>

namespace gpt::cost {

// What messages propose in place of a size that does not fit.

// "24 and 32": the multiples of unit next to a number that is none; "8" below the first.
std::string nearest_multiples(std::int64_t number, std::int64_t unit);

// "1, 2, 4": what divides a number, up to 128.
std::string divisors_text(std::int64_t number);

}  // namespace gpt::cost
