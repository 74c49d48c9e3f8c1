#include "libgpt/ops/convert.hpp"
#include "libgpt/ops/cuda/elementwise.hpp"
#include "libgpt/ops/shape_error.hpp"
#include "libgpt/tensor/copy.hpp"

namespace gpt::ops {
namespace {

using namespace gpt::ops::cuda;
using tensor::raw;

// Reads a tensor of one type and writes one of the other: 6 bytes an element.
template <class From, class To>
struct Convert {
  const From* x;
  To* y;

  template <int Width>
  __device__ Pack<From, Width> load(i64 at) const {
    return cuda::load<From, Width>(x + at);
  }
  template <int Width>
  __device__ void finish(i64 at, const Pack<From, Width>& loaded) const {
    store_floats<To, Width>(y + at, floats<From, Width>(loaded));
  }
};

// Eight elements at once: 16 bytes of the narrow type.
template <class From, class To>
void convert(const From* x, To* y, i64 count) {
  with_width<8>(aligned_for_packs(x, y), [&](auto width) {
    launch_elementwise<width(), 1>(Convert<From, To>{x, y}, count);
  });
}

}  // namespace

template <class T>
void round_to(std::span<const tensor::SumOf<T>> x, std::span<T> y) {
  check_elements("round", "y", y.size(), std::ssize(x));
  if constexpr (std::is_same_v<T, tensor::SumOf<T>>) {
    tensor::copy<T>(x, y);
  } else {
    convert(raw(x), raw(y), std::ssize(x));
  }
}

template <class T>
void widen(std::span<const T> x, std::span<tensor::SumOf<T>> y) {
  check_elements("widen", "y", y.size(), std::ssize(x));
  if constexpr (std::is_same_v<T, tensor::SumOf<T>>) {
    tensor::copy<T>(x, y);
  } else {
    convert(raw(x), raw(y), std::ssize(x));
  }
}

#define GPT_INSTANTIATE(T)                                                    \
  template void round_to<T>(std::span<const tensor::SumOf<T>>, std::span<T>); \
  template void widen<T>(std::span<const T>, std::span<tensor::SumOf<T>>);
GPT_INSTANTIATE(tensor::DeviceF32)
GPT_INSTANTIATE(tensor::DeviceBf16)
GPT_INSTANTIATE(tensor::DeviceF16)
#undef GPT_INSTANTIATE

}  // namespace gpt::ops
