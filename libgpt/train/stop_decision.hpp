#pragma once

#include <cstdint>

namespace gpt::train {

// In rising order of strength: where ranks see different reasons, the strongest counts.
enum class StopReason {
  finished,       // all iterations are done
  exit_duration,  // --exit-duration-in-mins
  exit_interval,  // --exit-interval
  requested,      // a signal
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
