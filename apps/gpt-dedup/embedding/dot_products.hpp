#pragma once

#include <cstddef>
#include <vector>

namespace gpt::dedup {

// The products of kLeftRows rows with kRightRows others, taken at once so that their sums stay in registers.
inline constexpr std::size_t kLeftRows = 4;
inline constexpr std::size_t kRightRows = 2;
// Numbers that are added side by side: the length of a row is a multiple of it.
inline constexpr std::size_t kLanes = 8;

// products[l * kRightRows + r]: the product of row l of left and row r of right. Rows begin `stride` numbers
// apart and are as long. A product has the same bits whichever of its rows is left, wherever they stand, and
// on every machine: each of kLanes sums takes every kLanes-th product, rounded before it is added, and the
// sums are added in their order.
void dot_products(const float* left, const float* right, std::size_t stride, float* products);

// What dot_products chooses from: the instruction sets that this machine has, the fastest last.
struct DotProductKernel {
  const char* name;
  void (*call)(const float* left, const float* right, std::size_t stride, float* products);
};
const std::vector<DotProductKernel>& dot_product_kernels();

}  // namespace gpt::dedup
