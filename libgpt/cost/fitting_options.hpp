#pragma once

#include <string>
#include <vector>

#include "libgpt/cost/layout.hpp"
#include "libgpt/cost/model_shape.hpp"
#include "libgpt/cost/recompute.hpp"

namespace gpt::cost {

// A training run as memory knows it.
struct TrainingTask {
  ModelShape shape;
  Batch batch;
  Layout layout;
  RecomputeConfig recompute;
  Precision precision = Precision::fp32;
};

// Of the pipeline stage that takes the most (runtime_memory.hpp).
double largest_process_bytes(const TrainingTask& task);

// Changes that make a run which is too large fit into so many bytes a process, by gpt-train's flags: each
// change alone that does ("--micro-batch-size 4"), or where none does, several together that do. The ranks
// and the global batch stay. An allowance is made for what is not predicted. Empty where nothing helps.
std::vector<std::string> options_that_fit(const TrainingTask& task, double bytes);

}  // namespace gpt::cost
