#pragma once

#include <cstdint>
#include <span>
#include <vector>

namespace gpt::model {

// The positions of sequences of one length: 0 .. length - 1, again and again.
std::vector<std::int32_t> counted_positions(std::int64_t sequences, std::int64_t length);

// Indices of rows by their key, rows of one key in the order given. Keys are not negative.
std::vector<std::int32_t> rows_by_key(std::span<const std::int32_t> keys);

}  // namespace gpt::model
