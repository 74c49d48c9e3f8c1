#include "libgpt/cost/memory.hpp"

#include <algorithm>

#include "libgpt/cost/parameters.hpp"

namespace gpt::cost {

std::int64_t element_size(Precision precision) { return precision == Precision::fp32 ? 4 : 2; }

double bytes_per_parameter(Precision precision, OptimizerStates optimizer, std::int64_t data) {
  // Kept by every rank: the weights in the computing precision and the fp32 main gradients. Shared out when
  // sharded: Adam's two moments, and the fp32 main weights where the weights themselves are narrower.
  const double kept = static_cast<double>(element_size(precision)) + 4;
  const double shareable = precision == Precision::fp32 ? 8 : 12;
  return kept + (optimizer == OptimizerStates::sharded ? shareable / static_cast<double>(data) : shareable);
}

double block_activation_bytes(const ModelShape& shape, const Batch& batch, const Layout& layout,
                              Precision precision, Recompute recompute) {
  const auto e = static_cast<double>(element_size(precision));
  const auto h = static_cast<double>(shape.hidden);
  const auto t = static_cast<double>(layout.tensor);
  const auto s = static_cast<double>(batch.sequence);
  const double tokens = s * static_cast<double>(batch.micro_batch);
  if (recompute == Recompute::full) return tokens * h * e;

  // Whole on every tensor rank unless the sequence is split too: the inputs of both LayerNorms, of attention
  // and of the MLP (an element each), and two dropout masks.
  const double replicated_width = 4 * e + 2;
  const double replicated = tokens * h * replicated_width / (layout.sequence == Sequence::parallel ? t : 1);
  // Split by columns: queries, keys, values and the attention output (4 of the heads' width), the MLP's two
  // inner activations (2 of its width).
  const auto attention_width = static_cast<double>(shape.heads * shape.head_size());
  const auto mlp_width = static_cast<double>(shape.mlp_size());
  const double split = tokens * e * (4 * attention_width + 2 * mlp_width) / t;
  // The attention core: softmax output, its dropout mask, and the dropout's output, s x s a head.
  const double core = tokens * static_cast<double>(shape.heads) * s * (2 * e + 1) / t;
  return replicated + split + (recompute == Recompute::selective ? 0 : core);
}

double micro_batches_in_flight(const Batch& batch, const Layout& layout, StagePlace place) {
  const auto p = static_cast<double>(layout.pipeline);
  const auto v = static_cast<double>(layout.virtual_stages);
  if (place == StagePlace::last) return layout.virtual_stages == 1 ? 1 : ((v - 1) * p + 1) / v;
  const auto m = static_cast<double>(micro_batches(batch, layout));
  return std::min(m, layout.virtual_stages == 1 ? p : p * (1 + (p - 1) / (p * v)));
}

ProcessMemory process_memory(const ModelShape& shape, const Batch& batch, const Layout& layout,
                             Precision precision, Recompute recompute) {
  const StageParameters parameters = stage_parameters(shape, layout);
  const double per_parameter = bytes_per_parameter(precision, layout.optimizer, layout.data);
  const std::int64_t stage_blocks = shape.layers / layout.pipeline;
  const double block = block_activation_bytes(shape, batch, layout, precision, recompute);
  const double recomputed = recompute == Recompute::full
                                ? block_activation_bytes(shape, batch, layout, precision, Recompute::none)
                                : 0;
  const double logits = 4 * static_cast<double>(batch.sequence * batch.micro_batch) *
                        static_cast<double>(shape.vocabulary) / static_cast<double>(layout.tensor);

  const auto stage = [&](std::int64_t held, double in_flight) {
    StageMemory memory;
    memory.parameters = static_cast<double>(held);
    memory.model = memory.parameters * per_parameter;
    memory.activations = static_cast<double>(stage_blocks) * block * in_flight;
    memory.recomputed = recomputed;
    return memory;
  };
  ProcessMemory memory;
  memory.first = stage(parameters.first, micro_batches_in_flight(batch, layout, StagePlace::first));
  if (layout.pipeline == 1) {
    memory.first.logits = logits;
    memory.last = memory.first;
  } else {
    memory.last = stage(parameters.last, micro_batches_in_flight(batch, layout, StagePlace::last));
    memory.last.logits = logits;
  }
  return memory;
}

}  // namespace gpt::cost
