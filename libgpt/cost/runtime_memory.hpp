#pragma once

#include <cstdint>

#include "libgpt/cost/layout.hpp"
#include "libgpt/cost/model_shape.hpp"
#include "libgpt/cost/recompute.hpp"

namespace gpt::cost {

// What one gpt-train process of this toolkit takes, in bytes: attention that keeps no matrix of
// probabilities, logits made in pieces, in 16 bits statistics and gradients of weights in fp32. (memory.hpp
// is the published arithmetic, of Megatron on GPUs.) Compared with running processes on the CPU, in fp32.
struct RuntimeMemory {
  double parameters = 0;  // how many of them
  double model = 0;       // weights, gradients, main weights and moments: bytes_per_parameter
  double kept = 0;        // activations that micro batches in flight keep for their backward pass
  double scratch = 0;     // what a pass through a chunk needs beside: gradients, logits, a recomputed group
  double streams = 0;     // buffers between pipeline stages
  double process = 0;     // program and libraries
  double total() const { return model + kept + scratch + streams + process; }
};

// A place in the tensor group whose shares of the vocabulary are the largest is meant.
RuntimeMemory runtime_memory(const ModelShape& shape, const Batch& batch, const Layout& layout,
                             const RecomputeConfig& recompute, std::int64_t pipeline_stage,
                             Precision precision = Precision::fp32);

// Micro batches, counted once for each chunk, that a stage has between their forward and backward pass at the
// same time: min(m, p - s), and interleaved min(v m, 2 (p - s - 1) + (v - 1) p + 1).
std::int64_t passes_in_flight(const Batch& batch, const Layout& layout, std::int64_t pipeline_stage);

// At most so many bytes of logits exist at once.
constexpr std::int64_t kLogitsBytes = std::int64_t{128} << 20;

}  // namespace gpt::cost
