#pragma once

#include <optional>
#include <vector>

#include <cublasLt.h>

#include "libgpt/ops/cuda/cublas_product.hpp"

namespace gpt::ops::cuda {

// Throws tensor::DeviceError with the name that cuBLAS has for the failure.
void check_cublas(cublasStatus_t status, const char* doing);

// A product as cuBLASLt describes it. cuBLASLt is told of column-major matrices: a row-major matrix is its
// own transpose there, so C' = op(B)' op(A)' is what it computes, and its bias for each row of C' is ours for
// each column.
class ProductDescription {
 public:
  ProductDescription(const ProductCall& call, bool tf32);
  ~ProductDescription();
  ProductDescription(const ProductDescription&) = delete;
  ProductDescription& operator=(const ProductDescription&) = delete;

  // Up to `most` algorithms that cuBLASLt proposes, its best guess first. Throws tensor::DeviceError where it
  // has none.
  std::vector<cublasLtMatmulAlgo_t> proposals(cublasLtHandle_t handle, int alignment, std::size_t workspace,
                                              std::size_t most) const;
  // How much workspace an algorithm takes, or nothing where it does not fit this product.
  std::optional<std::size_t> workspace_of(cublasLtHandle_t handle,
                                          const cublasLtMatmulAlgo_t& algorithm) const;
  // C = result, where result may be c itself.
  cublasStatus_t run(cublasLtHandle_t handle, const ProductCall& call, void* result,
                     const cublasLtMatmulAlgo_t& algorithm, void* workspace, std::size_t workspace_bytes,
                     cudaStream_t stream) const;

 private:
  cublasLtMatmulDesc_t operation_ = nullptr;
  cublasLtMatrixLayout_t left_ = nullptr, right_ = nullptr, result_ = nullptr;
};

}  // namespace gpt::ops::cuda
