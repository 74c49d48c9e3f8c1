#pragma once

#include <cstdint>

#include "libgpt/cost/layout.hpp"
#include "libgpt/cost/model_shape.hpp"

namespace gpt::cost {

// Floating-point operations of one training step over a global batch, forward and backward. For an MLP 4h
// wide and heads h wide together (arXiv 2104.04473, eq. 3; 2205.05198, appendix A):
//   none       72 B s L h^2 (1 + s/(6h) + V/(12 L h))
//   selective  72 B s L h^2 (1 + 2s/(9h) + V/(12 L h))   the attention core's forward once more
//   full       96 B s L h^2 (1 + s/(6h) + V/(16 L h))    every block's forward once more
double step_flops(const ModelShape& shape, const Batch& batch, Recompute recompute);

// The same for one token.
double token_flops(const ModelShape& shape, std::int64_t sequence, Recompute recompute);

// Training over T tokens at X floating-point operations a second on each of n processes: 6 T P / (n X), or
// 8 T P / (n X) when the forward pass is computed again in full. Good for s << 6h and V << 12 L h.
double training_seconds(double tokens, double parameters, double processes, double flops_per_process,
                        Recompute recompute);

inline constexpr double kSecondsPerDay = 86400;

}  // namespace gpt::cost
