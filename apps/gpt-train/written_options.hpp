#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "apps/gpt-train/options.hpp"

namespace CLI {
class App;
class Option;
}  // namespace CLI

namespace gpt::train_tool {

// Counts below it can be multiplied by the tokens of a sample within 64 bits.
inline constexpr std::int64_t kLargest = std::int64_t{1} << 42;

// The command line as it was written, before it makes sense as a whole. Each file of options has one function
// that adds them, and one that checks and settles what they say (throws UsageError).
struct Written {
  Options options;
  std::string decay_style = "linear";
  std::vector<std::int64_t> ramp_up;
  std::string recompute_granularity;
  std::string recompute_method;
  std::int64_t recompute_layers = 0;
  bool checkpoint_activations = false;
  std::int64_t checkpoint_layers = 0;
  bool sequence_parallel = false;
  bool distributed_optimizer = false;
  bool finetune = false;
  bool no_load_optimizer = false;
  bool no_save_optimizer = false;
  bool override_schedule = false;
  bool checkpoint_schedule = false;
  std::string on_save_error = "stop";
  CLI::Option* learning_rate = nullptr;
  CLI::Option* profile = nullptr;
  std::string profile_file = "gpt-train-trace.json";
  std::string device = "auto";
  bool fp16 = false;
  bool bf16 = false;
  int precision_bits = 32;
  optim::LossScalerConfig loss_scaler;
  std::optional<double> fixed_loss_scale;
  std::vector<const CLI::Option*> loss_scale_options;
  train::ProfilerSteps profiler;
  CLI::Option* profiler_start = nullptr;
  CLI::Option* profiler_end = nullptr;
  std::vector<std::pair<const CLI::Option*, std::string>> ignored;
  std::string ignored_value;
};

void add_data_options(CLI::App& app, Written& w);
void check_data_or_throw(const Options& options);

void add_model_options(CLI::App& app, Written& w);
void check_shape_or_throw(const Options& options);

void add_layout_options(CLI::App& app, Written& w);
void settle_layout_options_or_throw(Written& w);

void add_batch_options(CLI::App& app, Written& w);
void settle_batch_options_or_throw(Written& w);

void add_optimizer_options(CLI::App& app, Written& w);
void settle_optimizer_options_or_throw(Written& w);

void add_checkpoint_options(CLI::App& app, Written& w);
void settle_checkpoint_options_or_throw(Written& w);

void add_log_options(CLI::App& app, Written& w);
void settle_log_options(Written& w);

void add_device_options(CLI::App& app, Written& w);
void settle_device_options_or_throw(Written& w);

void add_script_options(CLI::App& app, Written& w);
void settle_script_options(Written& w);

// A count of at least `least`, and a number within bounds.
CLI::Option* add_size(CLI::App& app, const std::string& name, std::int64_t& value, const std::string& help,
                      std::int64_t least = 1);
CLI::Option* add_number(CLI::App& app, const std::string& name, double& value, const std::string& help,
                        double least, double most);

}  // namespace gpt::train_tool
