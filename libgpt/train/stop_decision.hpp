#pragma once

#include <cstdint>

namespace gpt::train {

enum class StopReason {
  finished,       // all iterations are done
  requested,      // a signal
  exit_interval,  // --exit-interval
  exit_duration,  // --exit-duration-in-mins
};

struct StopLimits {
  std::int64_t exit_interval = 0;    // stop after an iteration that this divides; 0: never
  double exit_duration_minutes = 0;  // stop after the first step that ends later; 0: never
};

// Whether to stop after `iteration`, and why; `finished` here means: go on.
inline StopReason stop_reason(const StopLimits& limits, std::int64_t iteration, double minutes,
                              bool requested) {
  if (requested) return StopReason::requested;
  if (limits.exit_interval > 0 && iteration % limits.exit_interval == 0) return StopReason::exit_interval;
  if (limits.exit_duration_minutes > 0 && minutes > limits.exit_duration_minutes) {
    return StopReason::exit_duration;
  }
  return StopReason::finished;
}

}  // namespace gpt::train
