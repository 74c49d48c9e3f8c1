#include <cmath>
#include <limits>
#include <stdexcept>
#include <string>

#include "libgpt/ops/attention.hpp"
#include "libgpt/ops/attention_check.hpp"
#include "libgpt/ops/cuda/attention_task.hpp"
#include "libgpt/tensor/device.hpp"

namespace gpt::ops {
namespace {

using tensor::raw;
using tensor::ValueOf;

// Grids and offsets within a row count in 32 bits.
void check_extents(const AttentionShape& s) {
  constexpr std::int64_t kMostBlocks = 65535;  // in the second and third dimension of a grid
  if (s.head_size > cuda::kLargestHead) {
    throw std::invalid_argument("attention: heads of " + std::to_string(s.head_size) +
                                " channels; on the device they have at most " +
                                std::to_string(cuda::kLargestHead));
  }
  if (s.sequences > kMostBlocks || s.heads > kMostBlocks || s.length > kDropoutExtent) {
    throw std::invalid_argument("attention: " + std::to_string(s.sequences) + " sequences of " +
                                std::to_string(s.length) + " positions and " + std::to_string(s.heads) +
                                " heads are more than one call takes");
  }
}

template <class T>
cuda::AttentionTask<ValueOf<T>> task_of(const AttentionShape& s, const AttentionContext<T>& context,
                                        std::span<const T> qkv) {
  check_extents(s);
  cuda::AttentionTask<ValueOf<T>> task{};
  task.sequences = static_cast<int>(s.sequences);
  task.length = static_cast<int>(s.length);
  task.heads = static_cast<int>(s.heads);
  task.head_size = static_cast<int>(s.head_size);
  task.qkv_stride = static_cast<int>(s.qkv_width());
  task.out_stride = static_cast<int>(s.out_width());
  task.scale = static_cast<float>(1 / std::sqrt(static_cast<double>(s.head_size)));
  task.attend_from = context.attend_from.empty() ? nullptr : raw(context.attend_from);
  if (context.dropout.active()) {
    task.dropout.draw = cuda::dropout_draw(context.dropout);
    task.dropout.samples = raw(context.samples);
    task.dropout.first_head = context.first_head;
  }
  task.qkv = raw(qkv);
  return task;
}

// The tensor cores take 16-bit rows that lie at multiples of 16 bytes.
template <class V, class... Spans>
bool tiles_take(const AttentionShape& s, const Spans&... spans) {
  return sizeof(V) == 2 && cuda::tiled_attention_takes(s.head_size) &&
         (... && (reinterpret_cast<std::uintptr_t>(spans.data()) % 16 == 0));
}

}  // namespace

template <class T>
void attention_forward(const AttentionShape& s, const AttentionContext<T>& context, std::span<const T> qkv,
                       std::span<T> out, std::span<tensor::SumOf<T>> log_sum) {
  check_attention(s, context, qkv.size(), out.size(), log_sum.size());
  using V = ValueOf<T>;
  const cuda::AttentionForward<V> work{task_of(s, context, qkv), raw(out), raw(log_sum)};
  if constexpr (sizeof(V) == 2) {
    if (tiles_take<V>(s, qkv, out)) return cuda::launch_tiled_forward(work);
  }
  cuda::launch_plain_forward(work);
}

template <class T>
void attention_backward(const AttentionShape& s, const AttentionContext<T>& context, std::span<const T> qkv,
                        std::span<const T> out, std::span<const tensor::SumOf<T>> log_sum,
                        std::span<const T> d_out, std::span<T> d_qkv) {
  check_attention(s, context, qkv.size(), out.size(), log_sum.size());
  check_elements("attention backward", "d_out", d_out.size(), s.rows(), s.out_width());
  check_elements("attention backward", "d_qkv", d_qkv.size(), s.rows(), s.qkv_width());
  using V = ValueOf<T>;
  auto* const correction =
      reinterpret_cast<float*>(tensor::device().workspace(log_sum.size() * sizeof(float)));
  const cuda::AttentionBackward<V> work{
      task_of(s, context, qkv), raw(out), raw(log_sum), raw(d_out), correction, raw(d_qkv)};
  cuda::launch_attention_correction(work);
  if constexpr (sizeof(V) == 2) {
    if (tiles_take<V>(s, qkv, d_out, d_qkv)) {
      cuda::launch_tiled_backward_of_queries(work);
      return cuda::launch_tiled_backward_of_keys(work);
    }
  }
  cuda::launch_plain_backward(work);
}

#define GPT_INSTANTIATE(T)                                                                                   \
  template void attention_forward<T>(const AttentionShape&, const AttentionContext<T>&, std::span<const T>,  \
                                     std::span<T>, std::span<tensor::SumOf<T>>);                             \
  template void attention_backward<T>(const AttentionShape&, const AttentionContext<T>&, std::span<const T>, \
                                      std::span<const T>, std::span<const tensor::SumOf<T>>,                 \
                                      std::span<const T>, std::span<T>);
GPT_INSTANTIATE(tensor::DeviceF32)
GPT_INSTANTIATE(tensor::DeviceBf16)
GPT_INSTANTIATE(tensor::DeviceF16)
#undef GPT_INSTANTIATE

}  // namespace gpt::ops
