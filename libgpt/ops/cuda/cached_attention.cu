#include <algorithm>
#include <cmath>
#include <stdexcept>
#include <string>

#include "libgpt/ops/cached_attention.hpp"
#include "libgpt/ops/cached_attention_check.hpp"
#include "libgpt/ops/cuda/attention_task.hpp"
#include "libgpt/ops/cuda/cached_attention_task.hpp"

namespace gpt::ops {
namespace {

using tensor::raw;
using tensor::ValueOf;

// From here on rows of one slot are taken together; below, half of a tile of 64 would be empty.
constexpr std::int64_t kTiledRows = 16;
constexpr std::int64_t kMostBlocks = 65535;  // in the second and third dimension of a grid

template <class T>
cuda::CachedAttention<ValueOf<T>> task_of(const CachedAttentionShape& s, const CacheRows<T>& rows,
                                          std::span<const T> qkv) {
  if (s.head_size > cuda::kLargestHead || s.heads > kMostBlocks) {
    throw std::invalid_argument("attention to the cache: " + std::to_string(s.heads) + " heads of " +
                                std::to_string(s.head_size) + " channels; on the device they are at most " +
                                std::to_string(kMostBlocks) + ", of " + std::to_string(cuda::kLargestHead));
  }
  cuda::CachedAttention<ValueOf<T>> task{};
  task.rows = static_cast<int>(s.rows);
  task.heads = static_cast<int>(s.heads);
  task.head_size = static_cast<int>(s.head_size);
  task.capacity = static_cast<int>(s.capacity);
  task.qkv_stride = static_cast<int>(s.qkv_width());
  task.out_stride = static_cast<int>(s.out_width());
  task.scale = static_cast<float>(1 / std::sqrt(static_cast<double>(s.head_size))) * cuda::kLog2E;
  task.slots = raw(rows.slots);
  task.positions = raw(rows.positions);
  task.qkv = raw(qkv);
  return task;
}

template <class... Addresses>
bool aligned(const Addresses*... addresses) {
  return (... && (reinterpret_cast<std::uintptr_t>(addresses) % 16 == 0));
}

// A thread a Piece of K and the same of V; work.keys and work.values are written.
template <class V, class Piece>
__global__ void append_to_cache_kernel(const cuda::CachedAttention<V> work, V* keys, V* values) {
  constexpr int kWidth = static_cast<int>(sizeof(Piece) / sizeof(V));
  const int pieces = work.out_stride / kWidth;
  const int row = static_cast<int>(blockIdx.x);
  const V* const k = work.qkv + std::int64_t{row} * work.qkv_stride + work.out_stride;
  const V* const v = k + work.out_stride;
  for (int piece = static_cast<int>(threadIdx.x); piece < pieces; piece += static_cast<int>(blockDim.x)) {
    const int from = piece * kWidth;
    const int head = from / work.head_size;
    const std::int64_t to = work.cached(work.slots[row], head) +
                            std::int64_t{work.positions[row]} * work.head_size + from % work.head_size;
    *reinterpret_cast<Piece*>(keys + to) = *reinterpret_cast<const Piece*>(k + from);
    *reinterpret_cast<Piece*>(values + to) = *reinterpret_cast<const Piece*>(v + from);
  }
}

}  // namespace

template <class T>
void append_to_cache(const CachedAttentionShape& s, const CacheRows<T>& rows, std::span<const T> qkv,
                     std::span<T> keys, std::span<T> values) {
  check_cache_rows("append to cache", s, rows, qkv.size(), keys.size(), values.size());
  using V = ValueOf<T>;
  const auto task = task_of(s, rows, qkv);
  V* const k = raw(keys);
  V* const v = raw(values);
  const bool whole = s.head_size * static_cast<std::int64_t>(sizeof(V)) % 16 == 0 && aligned(task.qkv, k, v);
  constexpr int kThreads = 128;
  tensor::launch(whole ? append_to_cache_kernel<V, uint4> : append_to_cache_kernel<V, V>, s.rows, kThreads, 0,
                 tensor::compute_stream(), task, k, v);
}

template <class T>
void cached_attention(const CachedAttentionShape& s, const CacheRows<T>& rows, std::span<const T> qkv,
                      std::span<const T> keys, std::span<const T> values, std::span<T> out) {
  check_cache_rows("cached attention", s, rows, qkv.size(), keys.size(), values.size());
  check_elements("cached attention", "out", out.size(), s.rows, s.out_width());
  if (s.rows == 0) return;
  using V = ValueOf<T>;
  auto task = task_of(s, rows, qkv);
  task.keys = raw(keys);
  task.values = raw(values);
  task.out = raw(out);
  if constexpr (sizeof(V) == 2) {
    if (s.most_rows >= kTiledRows && cuda::tiled_attention_takes(s.head_size) &&
        aligned(task.qkv, task.keys, task.values, task.out)) {
      return cuda::launch_tiled_cached_attention(task);
    }
  }
  if (s.rows > kMostBlocks) {
    throw std::invalid_argument("attention to the cache: " + std::to_string(s.rows) +
                                " rows that are not taken in tiles; on the device they are at most " +
                                std::to_string(kMostBlocks));
  }
  cuda::launch_split_attention(task, static_cast<int>(std::max<std::int64_t>(1, s.most_keys)));
}

#define GPT_INSTANTIATE(T)                                                                                \
  template void append_to_cache<T>(const CachedAttentionShape&, const CacheRows<T>&, std::span<const T>,  \
                                   std::span<T>, std::span<T>);                                           \
  template void cached_attention<T>(const CachedAttentionShape&, const CacheRows<T>&, std::span<const T>, \
                                    std::span<const T>, std::span<const T>, std::span<T>);
GPT_INSTANTIATE(tensor::DeviceF32)
GPT_INSTANTIATE(tensor::DeviceBf16)
GPT_INSTANTIATE(tensor::DeviceF16)
#undef GPT_INSTANTIATE

}  // namespace gpt::ops
