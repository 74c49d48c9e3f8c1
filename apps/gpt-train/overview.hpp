#pragma once

#include <string>

#include "apps/gpt-train/options.hpp"
#include "libgpt/data/training_data.hpp"
#include "libgpt/train/unigram_entropy.hpp"

namespace gpt::train_tool {

// What is printed before the first step: the model's size, and each dataset's share.
std::string model_overview(const model::ModelConfig& config);
std::string data_overview(const data::TrainingData& data);
std::string entropy_overview(const train::UnigramEntropy& entropy);

}  // namespace gpt::train_tool
