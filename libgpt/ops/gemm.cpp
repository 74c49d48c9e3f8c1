#include "libgpt/ops/gemm.hpp"

#ifdef GPT_HAVE_ONEDNN
#include "libgpt/ops/cpu/gemm_onednn.hpp"
#endif

namespace gpt::ops {
namespace {

#ifdef GPT_HAVE_ONEDNN
// So small a product (4 MFLOP, some 40 microseconds) is over before oneDNN has called its threads.
constexpr std::int64_t kSmallProduct = std::int64_t{1} << 21;
#endif

}  // namespace

template <>
void gemm<float>(std::int64_t m, std::int64_t n, std::int64_t k, Matrix<const float> a, Matrix<const float> b,
                 Matrix<float> c, Product mode) {
#ifdef GPT_HAVE_ONEDNN
  if (m * n * k > kSmallProduct) {
    cpu::gemm_onednn(m, n, k, a, b, c, mode);
    return;
  }
#endif
  gemm_portable(m, n, k, a, b, c, mode);
}

template <>
void gemm<double>(std::int64_t m, std::int64_t n, std::int64_t k, Matrix<const double> a,
                  Matrix<const double> b, Matrix<double> c, Product mode) {
  gemm_portable(m, n, k, a, b, c, mode);
}

}  // namespace gpt::ops
