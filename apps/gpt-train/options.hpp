#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "libcommon/cli/command.hpp"
#include "libgpt/model/model_config.hpp"
#include "libgpt/train/trainer.hpp"

namespace gpt::train_tool {

// Where samples come from: one dataset (or blend) divided by split, or one for each part.
struct DataOptions {
  std::vector<std::string> paths;                      // --data-path: prefixes, or weights and prefixes
  std::array<std::vector<std::string>, 3> part_paths;  // --train-, --valid-, --test-data-path
  std::string split = "969,30,1";
  std::int64_t sequence_length = 0;
  std::optional<std::string> cache_folder;
  std::optional<std::string> vocab_file;
  std::optional<std::string> merge_file;
};

// What a loaded checkpoint is used for.
enum class LoadMode { go_on, go_on_without_optimizer, finetune };

struct Options {
  cli::CommonOptions common;
  DataOptions data;
  model::ModelConfig model;  // sizes not given on the command line are 0
  std::optional<double> layernorm_epsilon;
  train::TrainConfig train;
  std::optional<std::string> load;
  LoadMode load_mode = LoadMode::go_on;
  std::optional<std::string> save;
  std::int64_t save_interval = 0;
  int keep_last = 0;
  train::SavePlan::Optimizer save_optimizer = train::SavePlan::Optimizer::save;
  std::int64_t log_interval = 100;
  std::optional<std::string> metrics;
  std::vector<std::string> without_effect;  // options given that change nothing here
};

// Megatron's argument names. Throws UsageError.
Options parse_options(int argc, const char* const* argv);

}  // namespace gpt::train_tool
