#pragma once

#include <map>
#include <string>

#include "libgpt/checkpoint/trainer_state.hpp"
#include "libgpt/optim/learning_rate.hpp"

namespace gpt::train_tool {

// A learning-rate schedule as texts of trainer_state.json, under the names of its options.
std::map<std::string, std::string> schedule_notes(const optim::LearningRateSchedule& schedule);

// The schedule that a checkpoint was made with. Throws io::DataError naming the folder where it holds none.
optim::LearningRateSchedule schedule_of_or_throw(const std::string& folder,
                                                 const checkpoint::TrainerState& state);

}  // namespace gpt::train_tool
