#pragma once

#include <map>
#include <string>

#include "libgpt/checkpoint/trainer_state.hpp"
#include "libgpt/optim/learning_rate.hpp"

namespace gpt::train_tool {

// What a checkpoint keeps so that a run that goes on updates as the run that made it would have.
struct KeptSchedule {
  optim::LearningRateSchedule rate;
  double weight_decay = 0;
};

// As texts of trainer_state.json, under the names of its options.
std::map<std::string, std::string> schedule_notes(const KeptSchedule& schedule);

// The schedule that a checkpoint was made with. Throws io::DataError naming the folder where it holds none.
KeptSchedule schedule_of_or_throw(const std::string& folder, const checkpoint::TrainerState& state);

// Whether the command line's schedule is the one that the checkpoint was made with; what a checkpoint does
// not say agrees, and so does what has no effect on a constant rate. Throws io::DataError that names all that
// differs, both values of each, and the options that choose.
void check_schedule_or_throw(const std::string& folder, const checkpoint::TrainerState& state,
                             const KeptSchedule& given);

}  // namespace gpt::train_tool
