#include "libgpt/ops/gemm.hpp"

#ifdef GPT_HAVE_ONEDNN
#include <stdexcept>
#include <string>

#include <oneapi/dnnl/dnnl.h>
#endif

namespace gpt::ops {

#ifdef GPT_HAVE_ONEDNN
namespace {

// So small a product (4 MFLOP, some 40 microseconds) is over before oneDNN has called its threads.
constexpr std::int64_t kSmallProduct = std::int64_t{1} << 21;

char letter(Transpose transpose) { return transpose == Transpose::yes ? 'T' : 'N'; }

}  // namespace
#endif

template <>
void gemm<float>(std::int64_t m, std::int64_t n, std::int64_t k, Matrix<const float> a, Matrix<const float> b,
                 Matrix<float> c, Product mode) {
  if (m == 0 || n == 0) return;
#ifdef GPT_HAVE_ONEDNN
  if (m * n * k <= kSmallProduct) {
    gemm_portable(m, n, k, a, b, c, mode);
    return;
  }
  const float beta = mode == Product::add ? 1.0f : 0.0f;
  const dnnl_status_t status = dnnl_sgemm(letter(a.transpose), letter(b.transpose), m, n, k, 1.0f, a.data,
                                          a.stride, b.data, b.stride, beta, c.data, c.stride);
  if (status != dnnl_success) {
    throw std::runtime_error("oneDNN refused a matrix product: status " + std::to_string(status));
  }
#else
  gemm_portable(m, n, k, a, b, c, mode);
#endif
}

template <>
void gemm<double>(std::int64_t m, std::int64_t n, std::int64_t k, Matrix<const double> a,
                  Matrix<const double> b, Matrix<double> c, Product mode) {
  gemm_portable(m, n, k, a, b, c, mode);
}

}  // namespace gpt::ops
