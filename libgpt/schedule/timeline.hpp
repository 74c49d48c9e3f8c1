#pragma once

#include <chrono>
#include <memory>

#include "libgpt/schedule/action.hpp"
#include "libgpt/tensor/device.hpp"

namespace gpt::schedule {

enum class Activity { forward, backward, wait };

// What a stage did from start to end. A wait is for the neighbour that makes what the action needs, or, at
// the end of a step, for the one that takes what the action made.
struct TimelineEvent {
  using Clock = std::chrono::steady_clock;
  Activity activity = Activity::wait;
  Action action;
  Clock::time_point start, end;
  // Of what is computed on a device, which does it later than it was asked for: when it began and ended
  // there.
  std::shared_ptr<const tensor::DeviceMark> device_start = nullptr, device_end = nullptr;
};

// Where the executor tells what it does, in order of time; events do not overlap.
class Timeline {
 public:
  virtual ~Timeline() = default;
  virtual void on_event(const TimelineEvent& event) = 0;
};

}  // namespace gpt::schedule
