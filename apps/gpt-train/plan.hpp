#pragma once

#include <optional>

#include "apps/gpt-train/options.hpp"
#include "apps/gpt-train/start_point.hpp"
#include "apps/gpt-train/vocabulary.hpp"
#include "libgpt/comm/communicator.hpp"
#include "libgpt/data/training_data.hpp"
#include "libgpt/model/model_config.hpp"
#include "libgpt/train/train_config.hpp"

namespace gpt::train_tool {

// All that a run is made of, read and checked before memory for the model is taken.
struct Plan {
  StartPoint start;
  std::optional<checkpoint::TrainerState> gone_on_with;  // where the run stands; none from the first step
  Vocabulary vocabulary;
  model::ModelConfig model;
  cost::Layout layout;  // with its virtual stages
  train::TrainConfig train;
  train::SavePlan save;
  data::TrainingData data;
};

// Opens what the settled options name. Collective: all start from the same, and one rank builds the sample
// indices for all. Throws comm::RanksDiffer, cli::UsageError, io::IoError, io::DataError, data::SampleError,
// model::ConfigError.
Plan plan_or_throw(const Options& options, comm::Communicator& world);

// Warns where a run goes on with other samples than its checkpoint was made with.
void warn_of_changes(const Plan& plan);

// The step that the run goes on from; 0 where it starts from the first.
std::int64_t resumed_iteration(const Plan& plan);

}  // namespace gpt::train_tool
