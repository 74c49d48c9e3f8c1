#include "libgpt/ops/cuda/elementwise.hpp"
#include "libgpt/ops/rows.hpp"
#include "libgpt/ops/shape_error.hpp"

namespace gpt::ops {
namespace {

using namespace gpt::ops::cuda;
using tensor::raw;

// Moves twice the gathered rows.
template <class V>
struct Gather {
  const V* x;
  const std::int32_t* rows;
  V* y;
  i64 columns;

  template <int Width>
  __device__ Pack<V, Width> load(i64 at) const {
    const i64 column = column_of<Width>(at, columns);
    const i64 row =
        Width == 1 ? at / columns : static_cast<u32>(at / Width) / static_cast<u32>(columns / Width);
    return cuda::load<V, Width>(x + rows[row] * columns + column);
  }
  template <int Width>
  __device__ void finish(i64 at, const Pack<V, Width>& loaded) const {
    store<V, Width>(y + at, loaded);
  }
};

}  // namespace

template <class T>
void gather_rows(std::int64_t columns, std::span<const T> x,
                 std::span<const tensor::Beside<T, std::int32_t>> rows, std::span<T> y) {
  check_elements("gather rows", "y", y.size(), std::ssize(rows), columns);
  using V = tensor::ValueOf<T>;
  const Gather<V> op{raw(x), raw(rows), raw(y), columns};
  with_width<kPack<V>>(columns % kPack<V> == 0 && aligned_for_packs(op.x, op.y),
                       [&](auto width) { launch_elementwise<width(), 2>(op, std::ssize(y)); });
}

#define GPT_INSTANTIATE(T)                                       \
  template void gather_rows<T>(std::int64_t, std::span<const T>, \
                               std::span<const tensor::Beside<T, std::int32_t>>, std::span<T>);
GPT_INSTANTIATE(tensor::DeviceF32)
GPT_INSTANTIATE(tensor::DeviceBf16)
GPT_INSTANTIATE(tensor::DeviceF16)
#undef GPT_INSTANTIATE

}  // namespace gpt::ops
