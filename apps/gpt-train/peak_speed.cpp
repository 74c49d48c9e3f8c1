#include "apps/gpt-train/peak_speed.hpp"

#include <algorithm>
#include <chrono>
#include <vector>

#include "libgpt/ops/gemm.hpp"
#include "libgpt/ops/linear.hpp"
#include "libgpt/tensor/aligned_buffer.hpp"
#include "libgpt/tensor/copy.hpp"
#include "libgpt/tensor/instantiate.hpp"

namespace gpt::train_tool {
namespace {

using Clock = std::chrono::steady_clock;

double seconds_since(Clock::time_point start) {
  return std::chrono::duration<double>(Clock::now() - start).count();
}

// Large enough to keep all of a processor busy.
template <class T>
constexpr std::int64_t kWidth = tensor::kPlaceOf<T> == tensor::Place::host ? 1024 : 8192;

// A square matrix of halves.
template <class T>
tensor::AlignedBuffer<T> halves() {
  tensor::AlignedBuffer<T> matrix(kWidth<T> * kWidth<T>);
  const std::vector<tensor::ValueOf<T>> values(matrix.size(), tensor::from_float<tensor::ValueOf<T>>(0.5f));
  tensor::upload<T>(values, matrix.span());
  return matrix;
}

// C = A B, and waits for it.
template <class T>
void multiply(tensor::AlignedBuffer<T>& a, tensor::AlignedBuffer<T>& b, tensor::AlignedBuffer<T>& c) {
  constexpr std::int64_t kSize = kWidth<T>;
  if constexpr (tensor::kPlaceOf<T> == tensor::Place::host) {
    ops::gemm<T>(kSize, kSize, kSize, {a.span().data(), kSize}, {b.span().data(), kSize},
                 {c.span().data(), kSize}, ops::Product::replace);
  } else {
    ops::linear_forward<T>({kSize, kSize, kSize}, a.span(), b.span(), {}, c.span());
    tensor::device().synchronise();
  }
}

}  // namespace

template <class T>
double measured_peak_flops() {
  constexpr double kOperations = 2.0 * kWidth<T> * kWidth<T> * kWidth<T>;
  // A slow machine is measured once; beyond ten, the fastest changes no more.
  constexpr double kLongest = 0.2;
  constexpr int kMost = 10;
  auto a = halves<T>(), b = halves<T>();
  tensor::AlignedBuffer<T> c(a.size());
  double fastest = 0;
  const auto start = Clock::now();
  for (int i = 0; i < kMost && (i == 0 || seconds_since(start) < kLongest); ++i) {
    const auto begin = Clock::now();
    multiply(a, b, c);
    fastest = std::max(fastest, kOperations / seconds_since(begin));
  }
  return fastest;
}

#define GPT_INSTANTIATE(T) template double measured_peak_flops<T>();
GPT_FOR_EACH_TRAINED_ELEMENT(GPT_INSTANTIATE)
#undef GPT_INSTANTIATE

}  // namespace gpt::train_tool
