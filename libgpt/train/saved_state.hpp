#pragma once

#include <cstdint>
#include <optional>

#include "libgpt/checkpoint/trainer_state.hpp"
#include "libgpt/optim/loss_scaler.hpp"
#include "libgpt/train/train_config.hpp"

namespace gpt::train {

// What a checkpoint says beside its tensors.
struct SaveContext {
  Position position;
  std::int64_t consumed_validation_samples = 0;
  std::uint64_t seed = 0;
  std::optional<optim::LossScaler::State> loss_scaler;
};

// Where training stood.
struct Restored {
  Position position;
  std::optional<optim::LossScaler::State> loss_scaler;  // of a run in fp16
};

// trainer_state.json, made and understood.
checkpoint::TrainerState trainer_state(const SavePlan& plan, const SaveContext& context,
                                       std::int64_t optimizer_steps);
Restored restored_from(const checkpoint::TrainerState& state);

}  // namespace gpt::train
