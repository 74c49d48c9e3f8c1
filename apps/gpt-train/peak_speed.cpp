#include "apps/gpt-train/peak_speed.hpp"

#include <algorithm>
#include <chrono>

#include "libgpt/ops/gemm.hpp"
#include "libgpt/tensor/aligned_buffer.hpp"

namespace gpt::train_tool {
namespace {

using Clock = std::chrono::steady_clock;

double seconds_since(Clock::time_point start) {
  return std::chrono::duration<double>(Clock::now() - start).count();
}

}  // namespace

double measured_peak_flops() {
  constexpr std::int64_t kWidth = 1024;
  constexpr double kOperations = 2.0 * kWidth * kWidth * kWidth;
  // A slow machine is measured once; beyond ten, the fastest changes no more.
  constexpr double kLongest = 0.2;
  constexpr int kMost = 10;
  tensor::AlignedBuffer<float> a(kWidth * kWidth), b(kWidth * kWidth), c(kWidth * kWidth);
  std::fill(a.span().begin(), a.span().end(), 0.5f);
  std::fill(b.span().begin(), b.span().end(), 0.5f);
  double fastest = 0;
  const auto start = Clock::now();
  for (int i = 0; i < kMost && (i == 0 || seconds_since(start) < kLongest); ++i) {
    const auto begin = Clock::now();
    ops::gemm<float>(kWidth, kWidth, kWidth, {a.span().data(), kWidth}, {b.span().data(), kWidth},
                     {c.span().data(), kWidth}, ops::Product::replace);
    fastest = std::max(fastest, kOperations / seconds_since(begin));
  }
  return fastest;
}

}  // namespace gpt::train_tool
