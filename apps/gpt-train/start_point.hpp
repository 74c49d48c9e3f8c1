#pragma once

#include <optional>

#include "apps/gpt-train/options.hpp"
#include "libgpt/checkpoint/model_folder.hpp"

namespace gpt::train_tool {

// What a run starts from: a checkpoint or model, or nothing.
struct StartPoint {
  std::optional<checkpoint::ModelFolder> folder;
  train::Restore restore = train::Restore::all;
};

// A run that --save already holds is gone on with, so that the same command given again goes on; --force
// starts anew. Otherwise --load is followed; where it names the same folder as --save it may be empty yet.
// Throws io::DataError.
StartPoint find_start_or_throw(const Options& options);

// The model to train: sizes from the command line, or from the folder where the command line leaves them out.
// Throws io::DataError when the two differ, model::ConfigError.
model::ModelConfig model_config_or_throw(const Options& options, const StartPoint& start,
                                         std::int64_t vocabulary_size);

}  // namespace gpt::train_tool
