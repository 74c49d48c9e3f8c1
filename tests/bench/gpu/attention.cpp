// Attention of whole sequences, forward and backward, with half of the square counted: what is masked is not
// work.
#include "libgpt/ops/attention.hpp"

#include "tests/bench/gpu/measure.hpp"

namespace gpt::bench {
namespace {

using tensor::DeviceBf16;
using tensor::DeviceF32;

void measure(const ops::AttentionShape& s, double dropped) {
  const auto qkv = random_numbers<DeviceBf16>(s.rows() * s.qkv_width());
  const auto d_out = random_numbers<DeviceBf16>(s.rows() * s.out_width());
  tensor::AlignedBuffer<DeviceBf16> out(static_cast<std::size_t>(s.rows() * s.out_width()));
  tensor::AlignedBuffer<DeviceBf16> d_qkv(static_cast<std::size_t>(s.rows() * s.qkv_width()));
  tensor::AlignedBuffer<DeviceF32> log_sum(static_cast<std::size_t>(s.rows() * s.heads));
  tensor::AlignedBuffer<tensor::OnDevice<std::uint64_t>> samples(static_cast<std::size_t>(s.sequences));
  ops::AttentionContext<DeviceBf16> context;
  context.dropout = ops::make_dropout(dropped, 1, ops::DropoutSite::attention, 0);
  context.samples = samples.span();

  const double length = static_cast<double>(s.length);
  const double flops = 4.0 * static_cast<double>(s.sequences * s.heads * s.head_size) * length * length / 2;
  const double forward = seconds_of(
      [&] { ops::attention_forward<DeviceBf16>(s, context, qkv.span(), out.span(), log_sum.span()); });
  const double backward = seconds_of([&] {
    ops::attention_backward<DeviceBf16>(s, context, qkv.span(), out.span(), log_sum.span(), d_out.span(),
                                        d_qkv.span());
  });
  print_row({"T " + std::to_string(s.length) + ", head " + std::to_string(s.head_size) + ", " +
                 std::to_string(s.sequences) + " x " + std::to_string(s.heads) + " heads" +
                 (dropped > 0 ? ", dropout" : ""),
             number(flops / forward / 1e12, 0), number(2.5 * flops / backward / 1e12, 0)});
}

}  // namespace

void measure_attention(Sizes sizes) {
  print_header({"causal attention, bf16, TFLOP/s", "forward", "backward"});
  if (sizes == Sizes::tiny) return measure({1, 20, 2, 2, 64}, 0.1);
  for (const std::int64_t length : {1024, 4096}) {
    for (const std::int64_t head : {64, 80, 96, 128}) {
      const std::int64_t heads = 1536 / head;
      measure({16 * 1024 / length, length, heads, heads, head}, 0);
    }
  }
  measure({16, 1024, 24, 24, 64}, 0.1);
}

}  // namespace gpt::bench
