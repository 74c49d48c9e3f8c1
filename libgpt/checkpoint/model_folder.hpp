#pragma once

#include <optional>
#include <span>
#include <string>

#include "libgpt/checkpoint/chunk_checksums.hpp"
#include "libgpt/checkpoint/hugging_face_config.hpp"
#include "libgpt/checkpoint/tensor_set.hpp"
#include "libgpt/checkpoint/trainer_state.hpp"

namespace gpt::checkpoint {

enum class OptimizerMoment { exp_avg, exp_avg_sq };

// The folder that --load FOLDER means: FOLDER itself when it holds a config.json, else what `latest` inside
// it names. Empty when FOLDER does not exist or holds neither. Throws io::DataError for a `latest` that names
// nothing.
std::optional<std::string> find_model_folder_or_throw(const std::string& folder);

// A GPT-2 model as Hugging Face lays it out, and the training state beside it if this toolkit saved it.
// Whatever is read is verified by its checksums where the folder keeps them.
class ModelFolder {
 public:
  // folder: as find_model_folder_or_throw takes it. Throws io::DataError saying what it should hold when
  // there is no model; checks that every weight is there with its shape, before any is read.
  static ModelFolder open_or_throw(const std::string& folder);

  const std::string& path() const { return path_; }  // after following `latest`
  const HuggingFaceConfig& config() const { return config_; }

  // Weights by their Hugging Face names, with or without "transformer.", as fp32 whatever the file's type.
  void read_tensor_or_throw(const std::string& name, const Shape& shape, std::span<float> values) {
    weights_.read_or_throw(name, shape, values);
  }
  TensorSet& weights() { return weights_; }

  // The optimizer's state under the names of the weights; empty when the folder holds none.
  std::optional<TensorSet> open_optimizer_or_throw(OptimizerMoment moment) const;
  // Where training stood; empty when the folder is only a model.
  std::optional<TrainerState> trainer_state_or_throw() const;

  // A small file of the folder (vocab.json, merges.txt), verified; empty when it is not there.
  std::optional<std::string> small_file_or_throw(const std::string& name) const;

 private:
  ModelFolder(std::string path, HuggingFaceConfig config, std::optional<ChecksumTable> checksums,
              TensorSet weights);

  std::string path_;
  HuggingFaceConfig config_;
  std::optional<ChecksumTable> checksums_;
  TensorSet weights_;
};

}  // namespace gpt::checkpoint
