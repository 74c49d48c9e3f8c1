#pragma once

#include "libgpt/ops/gemm.hpp"

namespace gpt::ops::cpu {

// oneDNN's product of floats. Only in builds that have oneDNN. Throws std::runtime_error if it refuses.
void gemm_onednn(std::int64_t m, std::int64_t n, std::int64_t k, Matrix<const float> a, Matrix<const float> b,
                 Matrix<float> c, Product mode);

}  // namespace gpt::ops::cpu
