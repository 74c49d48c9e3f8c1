#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "libgpt/checkpoint/hugging_face_config.hpp"
#include "libgpt/checkpoint/save_error.hpp"
#include "libgpt/checkpoint/tensor_piece.hpp"
#include "libgpt/checkpoint/trainer_state.hpp"
#include "libgpt/comm/communicator.hpp"
#include "libgpt/tensor/dtype.hpp"

namespace gpt::checkpoint {

// A file that travels along: vocab.json, merges.txt.
struct ExtraFile {
  std::string name;
  std::string content;
};

// What a rank gives to a checkpoint. Nothing is copied: the values must stay valid while it is saved. Every
// element of every tensor of the model must be given by exactly one rank (parameter_pieces).
struct CheckpointContent {
  HuggingFaceConfig config;
  std::vector<TensorPiece> weights;  // under their Hugging Face names, padded vocabulary rows left out
  std::vector<TensorPiece> exp_avg;  // Adam's moments under the names of the weights, or empty on all ranks
  std::vector<TensorPiece> exp_avg_sq;
  std::optional<TrainerState> trainer_state;  // this and the next of rank 0
  std::vector<ExtraFile> extra_files;
};

// The same on all ranks.
struct SaveOptions {
  tensor::DType dtype = tensor::DType::f32;  // of the weights: f32, bf16 or f16; moments are always f32
  std::uint64_t max_shard_bytes = std::uint64_t{5} << 30;
  int keep_last = 0;  // how many checkpoints remain in the folder after this one is there; 0: all
};

// "iter_0000100".
std::string checkpoint_name(std::int64_t iteration);

// Writes folder/iter_NNNNNNN (a model folder as ModelFolder reads it) and then folder/latest; returns the
// path of the former. Collective over the ranks that together hold the model, all of which reach the folder:
// files are shared out among them, and the bytes do not depend on how many they are or what each holds.
// Everything is written under a temporary name, made durable and renamed, so at any moment, power failure
// included, `latest` names a complete checkpoint. A checkpoint of the same iteration is replaced. Throws
// SaveError (a full disk on any rank) on all ranks; then no incomplete folder stands under a final name, and
// earlier checkpoints are as they were. Only one run may save into a folder at a time.
std::string save_or_throw(comm::Communicator& world, const std::string& folder, std::int64_t iteration,
                          const CheckpointContent& content, const SaveOptions& options = {});
// By one process that holds everything.
std::string save_or_throw(const std::string& folder, std::int64_t iteration, const CheckpointContent& content,
                          const SaveOptions& options = {});

// Writes a model folder at exactly this path, which must not exist, equally whole or not at all.
void export_model_or_throw(const std::string& path, const CheckpointContent& content,
                           const SaveOptions& options = {});

}  // namespace gpt::checkpoint
