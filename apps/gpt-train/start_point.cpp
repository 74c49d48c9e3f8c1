#include "apps/gpt-train/start_point.hpp"

#include <filesystem>

#include "libcommon/io/errors.hpp"

namespace gpt::train_tool {
namespace {

using Restore = train::Restore;

Restore restore_of(LoadMode mode) {
  switch (mode) {
    case LoadMode::go_on:
      return Restore::all;
    case LoadMode::go_on_without_optimizer:
      return Restore::without_optimizer;
    case LoadMode::finetune:
      return Restore::weights_only;
  }
  return Restore::all;
}

bool same_folder(const std::string& a, const std::string& b) {
  const auto clean = [](const std::string& path) {
    std::filesystem::path normal = std::filesystem::absolute(path).lexically_normal();
    return normal.has_filename() ? normal : normal.parent_path();
  };
  return clean(a) == clean(b);
}

// A size given on the command line must be the checkpoint's.
void settle_size_or_throw(const char* flag, std::int64_t& given, std::int64_t held,
                          const std::string& folder) {
  if (given == 0) given = held;
  if (given == held) return;
  throw io::DataError(folder, "is a model of " + std::string(flag) + " " + std::to_string(held) +
                                  " but the command line says " + std::to_string(given) +
                                  ": leave the option out, or start from another folder");
}

}  // namespace

StartPoint find_start_or_throw(const Options& options) {
  if (options.save && !options.common.force && checkpoint::find_model_folder_or_throw(*options.save)) {
    const Restore restore =
        options.load_mode == LoadMode::go_on_without_optimizer ? Restore::without_optimizer : Restore::all;
    return {checkpoint::ModelFolder::open_or_throw(*options.save), restore};
  }
  if (!options.load) return {};
  if (options.save && same_folder(*options.load, *options.save) &&
      !checkpoint::find_model_folder_or_throw(*options.load)) {
    return {};
  }
  return {checkpoint::ModelFolder::open_or_throw(*options.load), restore_of(options.load_mode)};
}

model::ModelConfig model_config_or_throw(const Options& options, const StartPoint& start,
                                         std::int64_t vocabulary_size) {
  model::ModelConfig config = options.model;
  config.shape.vocabulary = vocabulary_size;
  if (start.folder) config.layernorm_epsilon = start.folder->config().model.layernorm_epsilon;
  if (options.layernorm_epsilon) config.layernorm_epsilon = *options.layernorm_epsilon;
  if (start.folder) {
    const std::string& path = start.folder->path();
    const cost::ModelShape& held = start.folder->config().model.shape;
    settle_size_or_throw("--num-layers", config.shape.layers, held.layers, path);
    settle_size_or_throw("--hidden-size", config.shape.hidden, held.hidden, path);
    settle_size_or_throw("--num-attention-heads", config.shape.heads, held.heads, path);
    settle_size_or_throw("--max-position-embeddings", config.shape.positions, held.positions, path);
    if (config.shape.ffn_hidden == 0) config.shape.ffn_hidden = held.ffn_hidden;
    if (config.shape.mlp_size() != held.mlp_size()) {
      settle_size_or_throw("--ffn-hidden-size", config.shape.ffn_hidden, held.mlp_size(), path);
    }
    if (vocabulary_size != held.vocabulary) {
      throw io::DataError(path, "is a model of " + std::to_string(held.vocabulary) +
                                    " vocabulary entries but --vocab-file has " +
                                    std::to_string(vocabulary_size) +
                                    ": pass the vocabulary it was trained with");
    }
  }
  model::check_config_or_throw(config);
  if (options.data.sequence_length > config.shape.positions) {
    throw model::ConfigError("--seq-length " + std::to_string(options.data.sequence_length) +
                             " is more than the " + std::to_string(config.shape.positions) +
                             " positions of the model");
  }
  return config;
}

}  // namespace gpt::train_tool
