#include "libgpt/ops/convert.hpp"

#include <algorithm>

#include "libgpt/ops/shape_error.hpp"

namespace gpt::ops {

template <class T>
void round_to(std::span<const tensor::SumOf<T>> x, std::span<T> y) {
  check_elements("round", "y", y.size(), std::ssize(x));
  std::copy(x.begin(), x.end(), y.begin());
}

template <class T>
void widen(std::span<const T> x, std::span<tensor::SumOf<T>> y) {
  check_elements("widen", "y", y.size(), std::ssize(x));
  std::copy(x.begin(), x.end(), y.begin());
}

#define GPT_INSTANTIATE(T)                                     \
  template void round_to<T>(std::span<const T>, std::span<T>); \
  template void widen<T>(std::span<const T>, std::span<T>);
GPT_INSTANTIATE(float)
GPT_INSTANTIATE(double)
#undef GPT_INSTANTIATE

}  // namespace gpt::ops
