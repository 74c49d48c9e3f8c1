#pragma once

#include "libgpt/cost/layout.hpp"
#include "libgpt/cost/model_shape.hpp"

namespace gpt::cost {

// Bytes a parameter of weights, gradients and Adam's states with fp32 main gradients. Whole: 18 in fp16 and
// bf16, 16 in fp32. Sharded over d data-parallel ranks: 6 + 12/d and 8 + 8/d.
double bytes_per_parameter(Precision precision, OptimizerStates optimizer, std::int64_t data);

// Bytes one element of a weight or activation takes.
std::int64_t element_size(Precision precision);

// Activations that one block keeps for the backward pass of one micro batch, a process, in bytes
// (arXiv 2205.05198, table 2). In 16-bit precision, divided by s b h:
//   none 34 + 5as/h;  tensor 10 + 24/t + 5as/(ht);  with sequence parallelism (34 + 5as/h)/t;
//   selective: the 5as/h term is gone;  full: 2, the block's input alone.
// In fp32 all but the dropout masks (one byte an element) take twice as much.
double block_activation_bytes(const ModelShape& shape, const Batch& batch, const Layout& layout,
                              Precision precision, Recompute recompute);

// Micro batches' worth of a stage's blocks that are kept at once. First stage: p, and with the interleaved
// schedule times 1 + (p - 1)/(p v), but never more than m. Last stage: 1, and interleaved ((v - 1) p + 1)/v.
enum class StagePlace { first, last };
double micro_batches_in_flight(const Batch& batch, const Layout& layout, StagePlace place);
// The same of any stage, counted from 0: min(m, p - s); interleaved, 2 (p - s - 1) + (v - 1) p + 1 of the m v
// passes through a chunk, divided by v.
double micro_batches_in_flight(const Batch& batch, const Layout& layout, std::int64_t stage);

// The memory of one process on a pipeline stage, in bytes. What a framework, a communication library and
// fragmentation need comes on top.
struct StageMemory {
  double parameters = 0;   // how many of them the process holds
  double model = 0;        // weights, gradients and optimizer states
  double activations = 0;  // of the blocks, kept for the backward pass
  double recomputed = 0;   // of the one block that is being computed again, with full recomputation
  double logits = 0;       // fp32, of one micro batch; on the last stage
  double total() const { return model + activations + recomputed + logits; }
};
// Of stage `stage`, counted from 0. shape.vocabulary must already be padded.
StageMemory stage_memory(const ModelShape& shape, const Batch& batch, const Layout& layout,
                         Precision precision, Recompute recompute, std::int64_t stage);

struct ProcessMemory {
  StageMemory first;
  StageMemory last;  // the same as first when there is one stage
  const StageMemory& largest() const { return first.total() >= last.total() ? first : last; }
};
// shape.vocabulary must already be padded.
ProcessMemory process_memory(const ModelShape& shape, const Batch& batch, const Layout& layout,
                             Precision precision, Recompute recompute);

}  // namespace gpt::cost
