#pragma once

#include <vector>

#include "libgpt/ops/cuda/product_description.hpp"

namespace gpt::ops::cuda {

// An algorithm of cuBLASLt may take as much; cuBLAS itself takes half of it on this generation of GPUs, and
// cutting along k needs room for parts in fp32.
constexpr std::size_t kProductWorkspace = std::size_t{64} << 20;

// Whether a product of this kind is worth timing. Generating, texts end one by one, and the products of each
// number of rows would be timed: those of the powers of two are.
bool worth_timing(const ProductKind& kind);

// The fastest of the algorithms, of which there is at least one, for a product whose operands are there.
// Takes the device's workspace and leaves C as it was, or, where it is replaced, with any content. Waits for
// the compute stream, but frees no memory: that would wait for messages under way too. Where there is no
// memory to time them with, or nothing runs, the first stands.
cublasLtMatmulAlgo_t fastest_algorithm(cublasLtHandle_t handle, const ProductDescription& description,
                                       const ProductCall& call,
                                       const std::vector<cublasLtMatmulAlgo_t>& algorithms);

}  // namespace gpt::ops::cuda
