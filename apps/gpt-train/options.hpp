#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "libcommon/cli/command.hpp"
#include "libgpt/comm/cuda/rank_device.hpp"
#include "libgpt/cost/layout.hpp"
#include "libgpt/cost/recompute.hpp"
#include "libgpt/model/model_config.hpp"
#include "libgpt/optim/batch_size.hpp"
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

// How many ranks share the model, and how. What depends on the number of ranks or on a model that --load
// names is settled later (settle.hpp).
struct ParallelOptions {
  cost::Layout layout;                        // data: 0 until the number of ranks is known
  std::int64_t layers_per_virtual_stage = 0;  // 0: stages hold one chunk
  std::int64_t world_size = 0;                // --world-size; 0: as many as were started
};

// Lengths as they were written, in steps or samples; 0 where not given.
struct LengthOptions {
  std::int64_t global_batch = 0;
  std::optional<optim::BatchSize::Rampup> ramp_up;
  std::int64_t train_iterations = 0;
  std::int64_t train_samples = 0;
  std::int64_t decay_iterations = 0;
  std::int64_t decay_samples = 0;
  double warmup_fraction = 0;
  std::int64_t warmup_iterations = 0;
  std::int64_t warmup_samples = 0;
};

// What a loaded checkpoint is used for.
enum class LoadMode { go_on, go_on_without_optimizer, finetune };

// Which schedule (learning rate, weight decay) a resumed run follows: the command line's, which must be the
// checkpoint's; the command line's, whatever the checkpoint's (--override-lr-scheduler); the checkpoint's
// (--use-checkpoint-lr-scheduler).
enum class ScheduleOnResume { must_agree, override_checkpoint, use_checkpoint };

struct Options {
  cli::CommonOptions common;
  bool threads_given = false;  // whether common.threads was set, or is the default of one process
  DataOptions data;
  model::ModelConfig model;  // sizes not given on the command line are 0
  std::optional<double> layernorm_epsilon;
  ParallelOptions parallel;
  cost::RecomputeConfig recompute;
  LengthOptions lengths;
  train::TrainConfig train;  // its batch, iterations and schedule are settled from lengths
  std::optional<std::string> load;
  LoadMode load_mode = LoadMode::go_on;
  ScheduleOnResume schedule_on_resume = ScheduleOnResume::must_agree;
  std::optional<std::string> save;
  std::int64_t save_interval = 0;
  int keep_last = 0;
  train::SavePlan::Optimizer save_optimizer = train::SavePlan::Optimizer::save;
  train::SavePlan::OnError on_save_error = train::SavePlan::OnError::stop;
  std::int64_t log_interval = 100;
  std::optional<std::string> metrics;
  std::optional<std::string> tensorboard_folder;
  std::optional<std::string> profile;    // the trace file
  std::optional<double> peak_teraflops;  // of a rank
  bool print_layout = false;             // and nothing else
  comm::DeviceChoice device = comm::DeviceChoice::automatic;
  cost::Precision precision = cost::Precision::fp32;
  bool share_gpus = false;                  // several ranks on one
  bool allow_tf32 = false;                  // in matrix products of fp32 on a GPU
  std::string given;                        // what was set, a line an option: "--seed 5"
  std::vector<std::string> without_effect;  // options given that change nothing here
};

// Megatron's argument names. Throws UsageError.
Options parse_options(int argc, const char* const* argv);

}  // namespace gpt::train_tool
