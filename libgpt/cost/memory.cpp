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

double micro_batches_in_flight(const Batch& batch, const Layout& layout, std::int64_t stage) {
  const std::int64_t m = micro_batches(batch, layout);
  const std::int64_t p = layout.pipeline;
  const std::int64_t v = layout.virtual_stages;
  if (v == 1) return static_cast<double>(std::min(m, p - stage));
  const std::int64_t passes = 2 * (p - stage - 1) + (v - 1) * p + 1;
  return static_cast<double>(std::min(m * v, passes)) / static_cast<double>(v);
}

double micro_batches_in_flight(const Batch& batch, const Layout& layout, StagePlace place) {
  return micro_batches_in_flight(batch, layout, place == StagePlace::first ? 0 : layout.pipeline - 1);
}

StageMemory stage_memory(const ModelShape& shape, const Batch& batch, const Layout& layout,
                         Precision precision, Recompute recompute, std::int64_t stage) {
  const bool last = stage == layout.pipeline - 1;
  StageMemory memory;
  memory.parameters = static_cast<double>(stage_parameters(shape, layout, stage));
  memory.model = memory.parameters * bytes_per_parameter(precision, layout.optimizer, layout.data);
  memory.activations = static_cast<double>(shape.layers / layout.pipeline) *
                       block_activation_bytes(shape, batch, layout, precision, recompute) *
                       micro_batches_in_flight(batch, layout, stage);
  if (recompute == Recompute::full) {
    memory.recomputed = block_activation_bytes(shape, batch, layout, precision, Recompute::none);
  }
  if (last) {
    memory.logits = 4 * static_cast<double>(batch.sequence * batch.micro_batch) *
                    static_cast<double>(shape.vocabulary) / static_cast<double>(layout.tensor);
  }
  return memory;
}

ProcessMemory process_memory(const ModelShape& shape, const Batch& batch, const Layout& layout,
                             Precision precision, Recompute recompute) {
  return {stage_memory(shape, batch, layout, precision, recompute, 0),
          stage_memory(shape, batch, layout, precision, recompute, layout.pipeline - 1)};
}

}  // namespace gpt::cost
