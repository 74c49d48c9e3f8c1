#include "libgpt/ops/cuda/elementwise.hpp"
#include "libgpt/ops/gelu.hpp"
#include "libgpt/ops/gelu_check.hpp"

namespace gpt::ops {
namespace {

using namespace gpt::ops::cuda;
using tensor::raw;

// x sigmoid(2u) with u = sqrt(2 / pi) (x + 0.044715 x^3), as on the CPU.
constexpr float kTwoRoot = 2 * 0.79788456080286535588F;
constexpr float kCubic = 0.044715F;

__device__ __forceinline__ float gate_of(float x) {
  return __fdividef(1.0F, 1.0F + __expf(-kTwoRoot * (x + kCubic * x * x * x)));
}

// Moves three times the tensor: x is read and written, y written.
template <class V>
struct BiasGelu {
  const V* bias;
  V* x;
  V* y;
  i64 columns;

  template <int Width>
  __device__ Pack<V, Width> load(i64 at) const {
    return cuda::load<V, Width>(x + at);
  }
  template <int Width>
  __device__ void finish(i64 at, const Pack<V, Width>& loaded) const {
    const auto b = load_floats<V, Width>(bias + column_of<Width>(at, columns));
    Floats<Width> sum = floats<V, Width>(loaded);
#pragma unroll
    for (int i = 0; i < Width; ++i) sum.at[i] += b.at[i];
    // What the backward pass will see is what the gate sees.
    const Pack<V, Width> rounded = packed<V, Width>(sum);
    store<V, Width>(x + at, rounded);
    Floats<Width> out = floats<V, Width>(rounded);
#pragma unroll
    for (int i = 0; i < Width; ++i) out.at[i] *= gate_of(out.at[i]);
    store_floats<V, Width>(y + at, out);
  }
};

// Moves three times the tensor: x and dy are read, dx written.
template <class V>
struct GeluBackward {
  const V* x;
  const V* dy;
  V* dx;

  template <int Width>
  struct Loaded {
    Pack<V, Width> x, dy;
  };
  template <int Width>
  __device__ Loaded<Width> load(i64 at) const {
    return {cuda::load<V, Width>(x + at), cuda::load<V, Width>(dy + at)};
  }
  template <int Width>
  __device__ void finish(i64 at, const Loaded<Width>& loaded) const {
    const Floats<Width> in = floats<V, Width>(loaded.x);
    Floats<Width> out = floats<V, Width>(loaded.dy);
#pragma unroll
    for (int i = 0; i < Width; ++i) {
      const float v = in.at[i];
      const float s = gate_of(v);
      out.at[i] *= s + v * s * (1.0F - s) * kTwoRoot * (1.0F + 3.0F * kCubic * v * v);
    }
    store_floats<V, Width>(dx + at, out);
  }
};

}  // namespace

template <class T>
void bias_gelu_forward(std::int64_t rows, std::int64_t columns, std::span<const T> bias, std::span<T> x,
                       std::span<T> y) {
  check_bias_gelu(rows, columns, bias.size(), x.size(), y.size());
  using V = tensor::ValueOf<T>;
  const BiasGelu<V> op{raw(bias), raw(x), raw(y), columns};
  const bool packs = columns % kPack<V> == 0 && aligned_for_packs(op.bias, op.x, op.y);
  with_width<kPack<V>>(packs, [&](auto width) { launch_elementwise<width(), 2>(op, rows * columns); });
}

template <class T>
void gelu_backward(std::span<const T> x, std::span<const T> dy, std::span<T> dx) {
  check_gelu_backward(x.size(), dy.size(), dx.size());
  using V = tensor::ValueOf<T>;
  const GeluBackward<V> op{raw(x), raw(dy), raw(dx)};
  const bool packs = aligned_for_packs(op.x, op.dy, op.dx);
  with_width<kPack<V>>(packs, [&](auto width) { launch_elementwise<width(), 1>(op, std::ssize(x)); });
}

#define GPT_INSTANTIATE(T)                                                                         \
  template void bias_gelu_forward<T>(std::int64_t, std::int64_t, std::span<const T>, std::span<T>, \
                                     std::span<T>);                                                \
  template void gelu_backward<T>(std::span<const T>, std::span<const T>, std::span<T>);
GPT_INSTANTIATE(tensor::DeviceF32)
GPT_INSTANTIATE(tensor::DeviceBf16)
GPT_INSTANTIATE(tensor::DeviceF16)
#undef GPT_INSTANTIATE

}  // namespace gpt::ops
