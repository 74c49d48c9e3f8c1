#pragma once

namespace gpt::ops::cuda {

// The GPU computes 2^x: e^x is 2^(x * kLog2E), ln x is log2 x * kLn2.
constexpr float kLog2E = 1.4426950408889634F;
constexpr float kLn2 = 0.6931471805599453F;

}  // namespace gpt::ops::cuda
