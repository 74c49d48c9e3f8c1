#pragma once

#include <cstddef>
#include <cstdint>

#include "libgpt/ops/cuda/product_choices.hpp"

namespace gpt::ops::cuda {

// The two-byte and four-byte elements of a product.
enum class ElementKind { f32, bf16, f16 };

// One product, its matrices row-major: product.hpp without types.
struct ProductCall {
  ElementKind elements, result;
  std::int64_t m, n, k;
  const void* a;
  const void* b;
  void* c;
  std::int64_t stride_a, stride_b, stride_c;
  bool transpose_a, transpose_b;
  bool adds;
  const void* bias;  // or nullptr
};

// The same for all calls that share an algorithm.
ProductKind kind_of(const ProductCall& call, bool tf32);

void run_product(const ProductCall& call);

}  // namespace gpt::ops::cuda
