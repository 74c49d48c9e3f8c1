#pragma once

#include <cstdint>
#include <map>
#include <string>

namespace gpt::checkpoint {

// Where a training run stands: trainer_state.json. What every reader needs has a field of its own; what only
// some need (the loss scaler, the arguments of the run) goes into the two maps.
struct TrainerState {
  std::int64_t iteration = 0;
  std::int64_t consumed_train_samples = 0;
  std::int64_t consumed_valid_samples = 0;
  std::int64_t optimizer_steps = 0;  // updates made: Adam's t; skipped steps do not count
  std::uint64_t seed = 0;
  std::map<std::string, double> numbers;  // kept to the last bit; finite
  std::map<std::string, std::string> texts;
};

std::string trainer_state_json(const TrainerState& state);
// Throws io::DataError naming path.
TrainerState parse_trainer_state_or_throw(const std::string& path, const std::string& json);

}  // namespace gpt::checkpoint
