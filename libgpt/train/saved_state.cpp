#include "libgpt/train/saved_state.hpp"

namespace gpt::train {
namespace {

// Numbers in trainer_state.json. The iteration after which the last evaluation was made:
constexpr const char* kEvaluatedIteration = "evaluated_iteration";
// Of runs in fp16:
constexpr const char* kSkippedSamples = "skipped_samples";
constexpr const char* kLossScale = "loss_scale";
constexpr const char* kGoodSteps = "loss_scale_good_steps";
constexpr const char* kHysteresis = "loss_scale_hysteresis";

std::optional<double> number(const checkpoint::TrainerState& state, const char* name) {
  const auto found = state.numbers.find(name);
  return found == state.numbers.end() ? std::nullopt : std::optional(found->second);
}

std::int64_t count(const checkpoint::TrainerState& state, const char* name, std::int64_t otherwise) {
  const auto found = number(state, name);
  return found ? static_cast<std::int64_t>(*found) : otherwise;
}

}  // namespace

checkpoint::TrainerState trainer_state(const SavePlan& plan, const SaveContext& context,
                                       std::int64_t optimizer_steps) {
  checkpoint::TrainerState state;
  state.iteration = context.position.iteration;
  state.consumed_train_samples = context.position.consumed_samples;
  state.consumed_valid_samples = context.consumed_validation_samples;
  state.optimizer_steps = optimizer_steps;
  state.seed = context.seed;
  state.numbers[kEvaluatedIteration] = static_cast<double>(context.position.evaluated_iteration);
  if (context.position.skipped_samples > 0) {
    state.numbers[kSkippedSamples] = static_cast<double>(context.position.skipped_samples);
  }
  if (context.loss_scaler) {
    state.numbers[kLossScale] = context.loss_scaler->scale;
    state.numbers[kGoodSteps] = static_cast<double>(context.loss_scaler->good_steps);
    state.numbers[kHysteresis] = static_cast<double>(context.loss_scaler->hysteresis);
  }
  state.texts = plan.notes;
  return state;
}

Restored restored_from(const checkpoint::TrainerState& state) {
  Restored restored;
  restored.position = {state.iteration, state.consumed_train_samples,
                       count(state, kEvaluatedIteration, state.iteration), count(state, kSkippedSamples, 0)};
  if (const auto scale = number(state, kLossScale)) {
    restored.loss_scaler = {*scale, count(state, kGoodSteps, 0), count(state, kHysteresis, 1)};
  }
  return restored;
}

}  // namespace gpt::train
