#pragma once

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

#include <unistd.h>

#include "libgpt/checkpoint/parameter_pieces.hpp"
#include "libgpt/checkpoint/save.hpp"
#include "tests/support/scratch_folder.hpp"

namespace gpt::checkpoint {

using test::ScratchFolder;

inline std::string slurp(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}
inline void spill(const std::string& path, const std::string& bytes) {
  std::ofstream(path, std::ios::binary) << bytes;
}

inline std::vector<std::string> names_in(const std::string& folder) {
  std::vector<std::string> names;
  for (const auto& entry : std::filesystem::directory_iterator(folder))
    names.push_back(entry.path().filename());
  std::sort(names.begin(), names.end());
  return names;
}

// A small model whose every number is its own, with optimizer state.
struct SampleModel {
  explicit SampleModel(float start = 1.0F, const cost::ModelShape& shape = config().model.shape)
      : layout(shape), shape_(shape) {
    weights.resize(layout.buffer_size());
    exp_avg.resize(layout.buffer_size());
    exp_avg_sq.resize(layout.buffer_size());
    for (std::size_t i = 0; i < weights.size(); ++i) {
      weights[i] = start + static_cast<float>(i) * 0.001F;
      exp_avg[i] = -weights[i];
      exp_avg_sq[i] = weights[i] * weights[i];
    }
  }

  static HuggingFaceConfig config() {
    HuggingFaceConfig config;
    config.model.shape = {
        .layers = 2, .hidden = 8, .heads = 2, .positions = 16, .vocabulary = 40, .ffn_hidden = 32};
    config.eos_token = 39;
    return config;
  }

  CheckpointContent content(std::int64_t iteration = 0) const {
    TrainerState state;
    state.iteration = iteration;
    state.consumed_train_samples = 8 * iteration;
    state.numbers["loss_scale"] = 0.1;
    state.texts["data"] = "a \"quoted\" path";
    HuggingFaceConfig its_config = config();
    its_config.model.shape = shape_;
    return {its_config,
            parameter_pieces(layout, weights),
            parameter_pieces(layout, exp_avg),
            parameter_pieces(layout, exp_avg_sq),
            state,
            {{"merges.txt", "#version: 0.2\n"}, {"vocab.json", "{}"}}};
  }

  model::ParameterLayout layout;
  std::vector<float> weights;
  std::vector<float> exp_avg;
  std::vector<float> exp_avg_sq;

 private:
  cost::ModelShape shape_;
};

}  // namespace gpt::checkpoint
