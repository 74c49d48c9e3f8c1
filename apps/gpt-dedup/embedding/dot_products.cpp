#include "apps/gpt-dedup/embedding/dot_products.hpp"

namespace gpt::dedup {
namespace {

using Lanes = float __attribute__((vector_size(4 * kLanes), aligned(4), may_alias));

// Compiled for each instruction set. The order of additions is that of the text, and this folder is compiled
// with -ffp-contract=off: a product is rounded before it is added, with or without fused instructions.
[[gnu::always_inline]] inline void products_of_lanes(const float* left, const float* right,
                                                     std::size_t stride, float* products) {
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

void products_anywhere(const float* left, const float* right, std::size_t stride, float* products) {
  products_of_lanes(left, right, stride, products);
}

#if defined(__x86_64__)
[[gnu::target("avx2")]] void products_by_avx2(const float* left, const float* right, std::size_t stride,
                                              float* products) {
  products_of_lanes(left, right, stride, products);
}
#endif

std::vector<DotProductKernel> kernels_of_this_machine() {
  std::vector<DotProductKernel> kernels = {{"any machine's", products_anywhere}};
#if defined(__x86_64__)
  if (__builtin_cpu_supports("avx2")) kernels.push_back({"AVX2", products_by_avx2});
#endif
  return kernels;
}

}  // namespace

const std::vector<DotProductKernel>& dot_product_kernels() {
  static const std::vector<DotProductKernel> kernels = kernels_of_this_machine();
  return kernels;
}

void dot_products(const float* left, const float* right, std::size_t stride, float* products) {
  static const DotProductKernel fastest = dot_product_kernels().back();
  fastest.call(left, right, stride, products);
}

}  // namespace gpt::dedup
