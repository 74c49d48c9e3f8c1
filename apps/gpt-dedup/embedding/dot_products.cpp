#include "apps/gpt-dedup/embedding/dot_products.hpp"

#include "apps/gpt-dedup/vector_clones.hpp"

namespace gpt::dedup {
namespace {

using Lanes = float __attribute__((vector_size(4 * kLanes), aligned(4), may_alias));

GPT_CLONES_FOR("avx512f", "fma", "default")
void products_of_lanes(const float* left, const float* right, std::size_t stride, float* products) {
  Lanes sums[kLeftRows * kRightRows] = {};
  for (std::size_t at = 0; at < stride; at += kLanes) {
    Lanes l[kLeftRows];
    for (std::size_t i = 0; i < kLeftRows; ++i)
      l[i] = *reinterpret_cast<const Lanes*>(left + i * stride + at);
    for (std::size_t j = 0; j < kRightRows; ++j) {
      const Lanes r = *reinterpret_cast<const Lanes*>(right + j * stride + at);
      for (std::size_t i = 0; i < kLeftRows; ++i) sums[i * kRightRows + j] += l[i] * r;
    }
  }
  for (std::size_t k = 0; k < kLeftRows * kRightRows; ++k) {
    float sum = 0;
    for (std::size_t lane = 0; lane < kLanes; ++lane) sum += sums[k][lane];
    products[k] = sum;
  }
}

}  // namespace

void dot_products(const float* left, const float* right, std::size_t stride, float* products) {
  products_of_lanes(left, right, stride, products);
}

}  // namespace gpt::dedup
