#pragma once

#include <cstdint>
#include <functional>

#include "apps/gpt-train/options.hpp"
#include "apps/gpt-train/plan.hpp"
#include "libgpt/comm/parallel_groups.hpp"
#include "libgpt/comm/world.hpp"
#include "libgpt/train/trainer.hpp"

namespace gpt::train_tool {

// A run as one rank has it before the model is made.
struct RankRun {
  const Options& options;
  Plan& plan;
  comm::World& world;
  const comm::ParallelGroups& groups;
  train::Observer& observer;
  train::StepProfile* profile;
  std::function<void(std::int64_t iteration)> starting;  // told when the model is there
};

// Makes the model of elements T, fills it, and trains.
template <class T>
train::TrainResult train_on(const RankRun& run);

// On the GPU that is the device of this process, in the precision asked for.
train::TrainResult train_on_gpu(const RankRun& run);

}  // namespace gpt::train_tool
