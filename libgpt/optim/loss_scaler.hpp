#pragma once

#include <algorithm>
#include <cstdint>

namespace gpt::optim {

struct LossScalerConfig {
  double initial = 4294967296.0;  // 2^32
  double minimum = 1;
  std::int64_t window = 1000;   // good steps after which the scale doubles
  std::int64_t hysteresis = 2;  // overflows since the last doubling that are borne before it halves
  enum class Kind { adapts, fixed } kind = Kind::adapts;
};

// By what the loss is multiplied so that fp16 gradients do not vanish: grows while all goes well, shrinks
// when gradients overflow (Micikevicius et al., arXiv 1710.03740; Megatron's rules).
class LossScaler {
 public:
  struct State {
    double scale = 1;
    std::int64_t good_steps = 0;
    std::int64_t hysteresis = 0;
    friend bool operator==(const State&, const State&) = default;
  };

  explicit LossScaler(const LossScalerConfig& config)
      : config_(config), state_{config.initial, 0, config.hysteresis} {}

  double scale() const { return state_.scale; }

  // After a step whose gradients were all finite.
  void step_was_good() {
    if (config_.kind == LossScalerConfig::Kind::fixed) return;
    if (++state_.good_steps < config_.window) return;
    state_ = {2 * state_.scale, 0, config_.hysteresis};
  }
  // After a step that was skipped because a gradient was not finite.
  void step_overflowed() {
    if (config_.kind == LossScalerConfig::Kind::fixed) return;
    state_.good_steps = 0;
    if (--state_.hysteresis <= 0) state_.scale = std::max(state_.scale / 2, config_.minimum);
  }

  // For checkpoints.
  const State& state() const { return state_; }
  // A fixed scale stays what it was made with.
  void restore(const State& state) {
    if (config_.kind == LossScalerConfig::Kind::adapts) state_ = state;
  }

 private:
  LossScalerConfig config_;
  State state_;
};

}  // namespace gpt::optim
