#include "libgpt/ops/attention.hpp"

#include <cmath>

#include "libgpt/ops/attention_check.hpp"
#include "libgpt/ops/cpu/dropout_row.hpp"
#include "libgpt/ops/cpu/kernel_table.hpp"
#include "libgpt/ops/cpu/parallel.hpp"
#include "libgpt/ops/cpu/scratch.hpp"

namespace gpt::ops {
namespace {

// What the kernel needs to know of task = sequence * heads + head; out and log_sum are written by the forward
// pass alone.
template <class T>
cpu::AttentionHead<T> head_of(const AttentionShape& s, const AttentionContext<T>& context, std::int64_t task,
                              std::span<const T> qkv, T* out, T* log_sum) {
  const std::int64_t sequence = task / s.heads;
  const std::int64_t head = task % s.heads;
  const T* const row = qkv.data() + sequence * s.length * s.qkv_width() + head * s.head_size;
  cpu::AttentionHead<T> h{};
  h.queries = h.keys = s.length;
  h.head_size = s.head_size;
  h.q = row;
  h.k = row + s.out_width();
  h.v = row + 2 * s.out_width();
  h.q_stride = h.k_stride = h.v_stride = s.qkv_width();
  h.out = out + sequence * s.length * s.out_width() + head * s.head_size;
  h.out_stride = s.out_width();
  h.log_sum = log_sum + task * s.length;
  h.attend_from = context.attend_from.empty() ? nullptr : context.attend_from.data() + sequence * s.length;
  h.scale = static_cast<T>(1 / std::sqrt(static_cast<double>(s.head_size)));
  h.dropout = context.dropout.active();
  if (h.dropout) {
    h.dropout_row = cpu::dropout_row(context.dropout, context.first_head + head, 0,
                                     context.samples[static_cast<std::size_t>(sequence)]);
  }
  h.workspace = cpu::thread_scratch<T>(cpu::kernels<T>().attention_workspace(h.keys, h.head_size));
  return h;
}

}  // namespace

template <class T>
void attention_forward(const AttentionShape& s, const AttentionContext<T>& context, std::span<const T> qkv,
                       std::span<T> out, std::span<tensor::SumOf<T>> log_sum) {
  check_attention(s, context, qkv.size(), out.size(), log_sum.size());
  cpu::parallel_ranges(
      s.sequences * s.heads, s.length * s.length * s.head_size / 8,
      [&](std::int64_t begin, std::int64_t end, std::int64_t) {
        for (std::int64_t task = begin; task < end; ++task) {
          cpu::kernels<T>().attention_forward(head_of<T>(s, context, task, qkv, out.data(), log_sum.data()));
        }
      });
}

template <class T>
void attention_backward(const AttentionShape& s, const AttentionContext<T>& context, std::span<const T> qkv,
                        std::span<const T> out, std::span<const tensor::SumOf<T>> log_sum,
                        std::span<const T> d_out, std::span<T> d_qkv) {
  check_attention(s, context, qkv.size(), out.size(), log_sum.size());
  check_elements("attention backward", "d_out", d_out.size(), s.rows(), s.out_width());
  check_elements("attention backward", "d_qkv", d_qkv.size(), s.rows(), s.qkv_width());
  cpu::parallel_ranges(s.sequences * s.heads, s.length * s.length * s.head_size / 8,
                       [&](std::int64_t begin, std::int64_t end, std::int64_t) {
                         for (std::int64_t task = begin; task < end; ++task) {
                           cpu::AttentionHeadGradient<T> g{};
                           // The kernel only reads these two here.
                           g.forward = head_of<T>(s, context, task, qkv, const_cast<T*>(out.data()),
                                                  const_cast<T*>(log_sum.data()));
                           g.d_out = d_out.data() + (g.forward.out - out.data());
                           g.d_out_stride = s.out_width();
                           g.d_q = d_qkv.data() + (g.forward.q - qkv.data());
                           g.d_k = d_qkv.data() + (g.forward.k - qkv.data());
                           g.d_v = d_qkv.data() + (g.forward.v - qkv.data());
                           g.d_stride = s.qkv_width();
                           cpu::kernels<T>().attention_backward(g);
                         }
                       });
}

#define GPT_INSTANTIATE(T)                                                                                   \
  template void attention_forward<T>(const AttentionShape&, const AttentionContext<T>&, std::span<const T>,  \
                                     std::span<T>, std::span<T>);                                            \
  template void attention_backward<T>(const AttentionShape&, const AttentionContext<T>&, std::span<const T>, \
                                      std::span<const T>, std::span<const T>, std::span<const T>,            \
                                      std::span<T>);
GPT_INSTANTIATE(float)
GPT_INSTANTIATE(double)
#undef GPT_INSTANTIATE

}  // namespace gpt::ops
