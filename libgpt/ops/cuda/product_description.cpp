#include "libgpt/ops/cuda/product_description.hpp"

#include <algorithm>
#include <string>

#include "libgpt/tensor/device.hpp"
#include "libgpt/tensor/last_launch.hpp"

namespace gpt::ops::cuda {
namespace {

// Where a product is cut along k, its parts are added in fp32 by a kernel of their own, in one order. Sums in
// place add in the order in which blocks arrive at the lock and round to the result's 16 bits between; parts
// of the result's type round as well. Neither is allowed.
constexpr std::uint32_t kReductions = CUBLASLT_REDUCTION_SCHEME_COMPUTE_TYPE;

cudaDataType_t data_type(ElementKind kind) {
  switch (kind) {
    case ElementKind::bf16:
      return CUDA_R_16BF;
    case ElementKind::f16:
      return CUDA_R_16F;
    case ElementKind::f32:
      break;
  }
  return CUDA_R_32F;
}

template <class T>
void set(cublasLtMatmulDesc_t operation, cublasLtMatmulDescAttributes_t attribute, const T& value) {
  check_cublas(cublasLtMatmulDescSetAttribute(operation, attribute, &value, sizeof value),
               "describe a product");
}

// A row-major matrix [rows, columns] as stored, that is column-major [columns, rows].
cublasLtMatrixLayout_t layout(ElementKind kind, std::int64_t rows, std::int64_t columns,
                              std::int64_t stride) {
  cublasLtMatrixLayout_t made = nullptr;
  check_cublas(cublasLtMatrixLayoutCreate(&made, data_type(kind), static_cast<std::uint64_t>(columns),
                                          static_cast<std::uint64_t>(rows), stride),
               "describe a matrix");
  return made;
}

class Preference {
 public:
  Preference(int alignment, std::size_t workspace) {
    check_cublas(cublasLtMatmulPreferenceCreate(&preference_), "ask for algorithms");
    set(CUBLASLT_MATMUL_PREF_MAX_WORKSPACE_BYTES, workspace);
    set(CUBLASLT_MATMUL_PREF_REDUCTION_SCHEME_MASK, kReductions);
    for (const auto matrix :
         {CUBLASLT_MATMUL_PREF_MIN_ALIGNMENT_A_BYTES, CUBLASLT_MATMUL_PREF_MIN_ALIGNMENT_B_BYTES,
          CUBLASLT_MATMUL_PREF_MIN_ALIGNMENT_C_BYTES, CUBLASLT_MATMUL_PREF_MIN_ALIGNMENT_D_BYTES}) {
      set(matrix, static_cast<std::uint32_t>(alignment));
    }
  }
  ~Preference() { cublasLtMatmulPreferenceDestroy(preference_); }
  Preference(const Preference&) = delete;
  Preference& operator=(const Preference&) = delete;

  cublasLtMatmulPreference_t get() const { return preference_; }

 private:
  template <class T>
  void set(cublasLtMatmulPreferenceAttributes_t attribute, const T& value) {
    check_cublas(cublasLtMatmulPreferenceSetAttribute(preference_, attribute, &value, sizeof value),
                 "ask for algorithms");
  }

  cublasLtMatmulPreference_t preference_ = nullptr;
};

}  // namespace

void check_cublas(cublasStatus_t status, const char* doing) {
  if (status == CUBLAS_STATUS_SUCCESS) return;
  const std::string last = tensor::last_launch_text();
  throw tensor::DeviceError(std::string("cuBLAS failed to ") + doing + (last.empty() ? "" : ", " + last) +
                            ": " + cublasLtGetStatusName(status) + ", " + cublasLtGetStatusString(status));
}

ProductDescription::ProductDescription(const ProductCall& call, bool tf32) {
  const auto compute =
      tf32 && call.elements == ElementKind::f32 ? CUBLAS_COMPUTE_32F_FAST_TF32 : CUBLAS_COMPUTE_32F;
  check_cublas(cublasLtMatmulDescCreate(&operation_, compute, CUDA_R_32F), "describe a product");
  const auto transposition = [](bool yes) { return yes ? CUBLAS_OP_T : CUBLAS_OP_N; };
  set(operation_, CUBLASLT_MATMUL_DESC_TRANSA, transposition(call.transpose_b));
  set(operation_, CUBLASLT_MATMUL_DESC_TRANSB, transposition(call.transpose_a));
  if (call.bias != nullptr) {
    set(operation_, CUBLASLT_MATMUL_DESC_EPILOGUE, CUBLASLT_EPILOGUE_BIAS);
    set(operation_, CUBLASLT_MATMUL_DESC_BIAS_DATA_TYPE, data_type(call.result));
    set(operation_, CUBLASLT_MATMUL_DESC_BIAS_POINTER, call.bias);
  }
  left_ = call.transpose_b ? layout(call.elements, call.n, call.k, call.stride_b)
                           : layout(call.elements, call.k, call.n, call.stride_b);
  right_ = call.transpose_a ? layout(call.elements, call.k, call.m, call.stride_a)
                            : layout(call.elements, call.m, call.k, call.stride_a);
  result_ = layout(call.result, call.m, call.n, call.stride_c);
}

ProductDescription::~ProductDescription() {
  cublasLtMatrixLayoutDestroy(result_);
  cublasLtMatrixLayoutDestroy(right_);
  cublasLtMatrixLayoutDestroy(left_);
  cublasLtMatmulDescDestroy(operation_);
}

std::vector<cublasLtMatmulAlgo_t> ProductDescription::proposals(cublasLtHandle_t handle, int alignment,
                                                                std::size_t workspace,
                                                                std::size_t most) const {
  const Preference preference(alignment, workspace);
  std::vector<cublasLtMatmulHeuristicResult_t> results(most);
  int found = 0;
  check_cublas(
      cublasLtMatmulAlgoGetHeuristic(handle, operation_, left_, right_, result_, result_, preference.get(),
                                     static_cast<int>(most), results.data(), &found),
      "find an algorithm for a product");
  std::vector<cublasLtMatmulAlgo_t> algorithms;
  for (int i = 0; i < found; ++i) {
    const auto& result = results[static_cast<std::size_t>(i)];
    if (result.state == CUBLAS_STATUS_SUCCESS) algorithms.push_back(result.algo);
  }
  if (algorithms.empty()) check_cublas(CUBLAS_STATUS_NOT_SUPPORTED, "find an algorithm for a product");
  return algorithms;
}

std::optional<std::size_t> ProductDescription::workspace_of(cublasLtHandle_t handle,
                                                            const cublasLtMatmulAlgo_t& algorithm) const {
  cublasLtMatmulHeuristicResult_t result{};
  const auto status =
      cublasLtMatmulAlgoCheck(handle, operation_, left_, right_, result_, result_, &algorithm, &result);
  if (status != CUBLAS_STATUS_SUCCESS) return std::nullopt;
  return result.workspaceSize;
}

cublasStatus_t ProductDescription::run(cublasLtHandle_t handle, const ProductCall& call, void* result,
                                       const cublasLtMatmulAlgo_t& algorithm, void* workspace,
                                       std::size_t workspace_bytes, cudaStream_t stream) const {
  if (call.bias != nullptr) set(operation_, CUBLASLT_MATMUL_DESC_BIAS_POINTER, call.bias);
  const float alpha = 1;
  const float beta = call.adds ? 1 : 0;
  return cublasLtMatmul(handle, operation_, &alpha, call.b, left_, call.a, right_, &beta, call.c, result_,
                        result, result_, &algorithm, workspace, workspace_bytes, stream);
}

}  // namespace gpt::ops::cuda
