#include "libgpt/ops/cpu/gemm_onednn.hpp"

#include <stdexcept>
#include <string>

#include <oneapi/dnnl/dnnl.h>

namespace gpt::ops::cpu {
namespace {

char letter(Transpose transpose) { return transpose == Transpose::yes ? 'T' : 'N'; }

}  // namespace

void gemm_onednn(std::int64_t m, std::int64_t n, std::int64_t k, Matrix<const float> a, Matrix<const float> b,
                 Matrix<float> c, Product mode) {
  const float beta = mode == Product::add ? 1.0f : 0.0f;
  const dnnl_status_t status = dnnl_sgemm(letter(a.transpose), letter(b.transpose), m, n, k, 1.0f, a.data,
                                          a.stride, b.data, b.stride, beta, c.data, c.stride);
  if (status == dnnl_success) return;
  throw std::runtime_error("oneDNN refused a matrix product: status " + std::to_string(status));
}

}  // namespace gpt::ops::cpu
