#include "libgpt/cost/flops.hpp"

namespace gpt::cost {

double token_flops(const ModelShape& shape, std::int64_t sequence, Recompute recompute) {
  const auto h = static_cast<double>(shape.hidden);
  const auto attention_width = static_cast<double>(shape.heads * shape.head_size());
  const auto mlp_width = static_cast<double>(shape.mlp_size());
  const auto layers = static_cast<double>(shape.layers);
  // Forward, a token: two operations a weight, and two products of length s a head channel.
  const double core = layers * 4 * static_cast<double>(sequence) * attention_width;
  const double blocks = layers * 2 * (4 * h * attention_width + 2 * h * mlp_width) + core;
  const double logits = 2 * h * static_cast<double>(shape.vocabulary);
  // The backward pass costs twice the forward.
  const double training = 3 * (blocks + logits);
  switch (recompute) {
    case Recompute::none:
      return training;
    case Recompute::selective:
      return training + core;
    case Recompute::full:
      break;
  }
  return training + blocks;
}

double step_flops(const ModelShape& shape, const Batch& batch, Recompute recompute) {
  return static_cast<double>(batch.tokens()) * token_flops(shape, batch.sequence, recompute);
}

double training_seconds(double tokens, double parameters, double processes, double flops_per_process,
                        Recompute recompute) {
  const double operations_per_weight = recompute == Recompute::full ? 8 : 6;
  return operations_per_weight * tokens * parameters / (processes * flops_per_process);
}

}  // namespace gpt::cost
