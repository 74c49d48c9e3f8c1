#pragma once

#include <cstdint>
#include <vector>

#include "libgpt/schedule/action.hpp"
#include "libgpt/schedule/pipeline_shape.hpp"

namespace gpt::schedule {

// What one stage does in a training step, in order. Every micro batch goes forward and backward through each
// of the stage's chunks exactly once; gradients are complete at the end (the pipeline is flushed). Micro
// batches go through a chunk in rising order in either direction.
//
// One chunk a stage: 1F1B (arXiv 2104.04473, section 2.2.1). min(p - s - 1, m) forward passes, then one
// forward and one backward by turns, then the remaining backward passes: at most min(p - s, m) are in flight.
// Several: the interleaved schedule (section 2.2.2). Forward passes take p micro batches through a chunk,
// then the same p through the next, backward passes the chunks from the last; 2 (p - s - 1) + (v - 1) p
// forward passes go ahead of the turns.
std::vector<Action> training_actions(const PipelineShape& shape, std::int64_t stage);

// What every stage does when nothing is trained: forward passes alone, in the same order. Any count of micro
// batches will do.
std::vector<Action> forward_only_actions(const PipelineShape& shape);

// The forward passes that go ahead of the turns.
std::int64_t warm_up_passes(const PipelineShape& shape, std::int64_t stage);

}  // namespace gpt::schedule
