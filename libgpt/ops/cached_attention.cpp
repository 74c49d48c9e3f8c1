#include "libgpt/ops/cached_attention.hpp"

#include <algorithm>
#include <cmath>
#include <vector>

#include "libgpt/ops/cached_attention_check.hpp"
#include "libgpt/ops/cpu/kernel_table.hpp"
#include "libgpt/ops/cpu/parallel.hpp"
#include "libgpt/ops/cpu/scratch.hpp"

namespace gpt::ops {
namespace {

// So few queries do not pay for transposing the keys.
constexpr std::int64_t kDecodeQueries = 8;

// Rows of one slot.
struct SlotRun {
  std::int64_t first, count;
  std::int64_t slot;
  std::int64_t keys;  // of the last row
};

template <class T>
std::vector<SlotRun> runs_of(const CacheRows<T>& rows) {
  std::vector<SlotRun> runs;
  for (std::size_t i = 0; i < rows.slots.size(); ++i) {
    if (runs.empty() || runs.back().slot != rows.slots[i]) {
      runs.push_back({static_cast<std::int64_t>(i), 0, rows.slots[i], 0});
    }
    ++runs.back().count;
    runs.back().keys = rows.positions[i] + 1;
  }
  return runs;
}

template <class T>
void attend(const CachedAttentionShape& s, const SlotRun& run, std::int64_t head, const T* qkv, const T* keys,
            const T* values, T* out) {
  const auto& kernels = cpu::kernels<T>();
  const std::int64_t workspace = kernels.attention_workspace(run.keys, s.head_size);
  const std::int64_t cached = (run.slot * s.heads + head) * s.capacity * s.head_size;
  T* const scratch = cpu::thread_scratch<T>(workspace + run.count);
  cpu::AttentionHead<T> h{};
  h.queries = run.count;
  h.keys = run.keys;
  h.head_size = s.head_size;
  h.q = qkv + run.first * s.qkv_width() + head * s.head_size;
  h.k = keys + cached;
  h.v = values + cached;
  h.q_stride = s.qkv_width();
  h.k_stride = h.v_stride = s.head_size;
  h.out = out + run.first * s.out_width() + head * s.head_size;
  h.out_stride = s.out_width();
  h.log_sum = scratch + workspace;
  h.scale = static_cast<T>(1 / std::sqrt(static_cast<double>(s.head_size)));
  h.workspace = scratch;
  (run.count < kDecodeQueries ? kernels.attention_decode : kernels.attention_forward)(h);
}

}  // namespace

template <class T>
void append_to_cache(const CachedAttentionShape& s, const CacheRows<T>& rows, std::span<const T> qkv,
                     std::span<T> keys, std::span<T> values) {
  check_cache_rows("append to cache", s, rows, qkv.size(), keys.size(), values.size());
  cpu::parallel_ranges(s.rows, 2 * s.out_width(), [&](std::int64_t begin, std::int64_t end, std::int64_t) {
    for (std::int64_t row = begin; row < end; ++row) {
      const auto i = static_cast<std::size_t>(row);
      const T* const k = qkv.data() + row * s.qkv_width() + s.out_width();
      const T* const v = k + s.out_width();
      for (std::int64_t head = 0; head < s.heads; ++head) {
        const std::int64_t to =
            ((rows.slots[i] * s.heads + head) * s.capacity + rows.positions[i]) * s.head_size;
        std::copy_n(k + head * s.head_size, s.head_size, keys.data() + to);
        std::copy_n(v + head * s.head_size, s.head_size, values.data() + to);
      }
    }
  });
}

template <class T>
void cached_attention(const CachedAttentionShape& s, const CacheRows<T>& rows, std::span<const T> qkv,
                      std::span<const T> keys, std::span<const T> values, std::span<T> out) {
  check_cache_rows("cached attention", s, rows, qkv.size(), keys.size(), values.size());
  check_elements("cached attention", "out", out.size(), s.rows, s.out_width());
  const std::vector<SlotRun> runs = runs_of<T>(rows);
  if (runs.empty()) return;
  const auto count = static_cast<std::int64_t>(runs.size());
  std::int64_t products = 0;
  for (const SlotRun& run : runs) products += run.count * run.keys;
  // Heads outside, so that each thread gets its share of a long prompt and of the short ones.
  cpu::parallel_ranges(s.heads * count, products / count * s.head_size,
                       [&](std::int64_t begin, std::int64_t end, std::int64_t) {
                         for (std::int64_t task = begin; task < end; ++task) {
                           attend<T>(s, runs[static_cast<std::size_t>(task % count)], task / count,
                                     qkv.data(), keys.data(), values.data(), out.data());
                         }
                       });
}

#define GPT_INSTANTIATE(T)                                                                                \
  template void append_to_cache<T>(const CachedAttentionShape&, const CacheRows<T>&, std::span<const T>,  \
                                   std::span<T>, std::span<T>);                                           \
  template void cached_attention<T>(const CachedAttentionShape&, const CacheRows<T>&, std::span<const T>, \
                                    std::span<const T>, std::span<const T>, std::span<T>);
GPT_INSTANTIATE(float)
GPT_INSTANTIATE(double)
#undef GPT_INSTANTIATE

}  // namespace gpt::ops
