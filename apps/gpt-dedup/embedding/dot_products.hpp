#pragma once

#include <cstddef>

namespace gpt::dedup {

// The products of kLeftRows rows with kRightRows others, taken at once so that their sums stay in registers.
inline constexpr std::size_t kLeftRows = 4;
inline constexpr std::size_t kRightRows = 2;
// Numbers that are added side by side: the length of a row is a multiple of it.
inline constexpr std::size_t kLanes = 8;

// products[l * kRightRows + r]: the product of row l of left and row r of right. Rows begin `stride` numbers
// apart and are as long. A product is the same whichever of its rows is left, and wherever they stand.
void dot_products(const float* left, const float* right, std::size_t stride, float* products);

}  // namespace gpt::dedup
