#pragma once

#include <cstdint>
#include <functional>
#include <span>
#include <vector>

#include "libgpt/schedule/action.hpp"
#include "libgpt/schedule/pipeline_shape.hpp"

namespace gpt::schedule {

struct TimedAction {
  Action action;
  double start = 0, end = 0;
};

struct StageRun {
  std::vector<TimedAction> actions;
  std::int64_t peak_in_flight = 0;  // passes forward whose backward has not ended, at most; in chunks
  double busy = 0;
  double finish = 0;
};

struct PipelineRun {
  std::vector<StageRun> stages;
  double finish = 0;

  // Idle time over useful time of a stage, until the last stage has ended.
  double bubble(std::size_t stage) const { return (finish - stages[stage].busy) / stages[stage].busy; }
};

// How long an action takes on a stage; messages take none.
using ActionTime = std::function<double(std::int64_t stage, const Action& action)>;

// Runs the lists of all stages, each action when its stage is free and what it needs is there: a forward pass
// needs the one of the chunk before, a backward pass its own forward pass and the backward pass of the chunk
// after. Throws ScheduleError where an action is missing, twice there or foreign to the shape, or where all
// stages wait for each other. In lists of forward passes alone nothing counts as in flight.
PipelineRun simulate_or_throw(const PipelineShape& shape, std::span<const std::vector<Action>> stages,
                              const ActionTime& time);

}  // namespace gpt::schedule
