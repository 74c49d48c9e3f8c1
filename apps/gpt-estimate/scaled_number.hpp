#pragma once

#include <optional>
#include <string_view>

namespace gpt::estimate {

// A positive number as people write large ones: 300000, 300e9, 300B, 1.5T, 124M, 8k. K, M, B (or G) and T are
// powers of 1000, in either case. Empty when it is none.
std::optional<double> scaled_number(std::string_view text);

}  // namespace gpt::estimate
