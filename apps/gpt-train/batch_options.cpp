#include <CLI/CLI.hpp>

#include "apps/gpt-train/written_options.hpp"
#include "libcommon/cli/errors.hpp"

namespace gpt::train_tool {

void add_batch_options(CLI::App& app, Written& w) {
  train::TrainConfig& train = w.options.train;
  LengthOptions& lengths = w.options.lengths;
  add_size(app, "--micro-batch-size", train.micro_batch_size, "Samples that pass through the model at once")
      ->required();
  add_size(app, "--global-batch-size", lengths.global_batch,
           "Samples of a step; default one micro batch a replica of the model");
  app.add_option("--rampup-batch-size", w.ramp_up,
                 "The first steps have START samples, growing by INCREMENT over the first SAMPLES")
      ->expected(3)
      ->check(CLI::Range(std::int64_t{1}, kLargest))
      ->type_name("START INCREMENT SAMPLES");
  auto* iterations = add_size(app, "--train-iters", lengths.train_iterations, "Steps to train");
  add_size(app, "--train-samples", lengths.train_samples, "Samples to train over")->excludes(iterations);
  app.add_option("--exit-interval", train.stop.exit_interval, "Save and stop after a step that this divides")
      ->check(CLI::Range(std::int64_t{1}, kLargest))
      ->type_name("N");
  add_number(app, "--exit-duration-in-mins", train.stop.exit_duration_minutes,
             "Save and stop after so many minutes", 0, 1e9);
}

void settle_batch_options_or_throw(Written& w) {
  LengthOptions& lengths = w.options.lengths;
  if (!w.options.print_layout && lengths.train_iterations == 0 && lengths.train_samples == 0) {
    throw cli::UsageError("--train-iters or --train-samples is needed: how long to train");
  }
  if (w.ramp_up.empty()) return;
  lengths.ramp_up = optim::BatchSize::Rampup{w.ramp_up[0], w.ramp_up[1], w.ramp_up[2]};
  if (lengths.train_iterations != 0 || lengths.decay_iterations != 0 || lengths.warmup_iterations != 0) {
    throw cli::UsageError(
        "--rampup-batch-size makes steps of different sizes: give lengths in samples "
        "(--train-samples, --lr-decay-samples, --lr-warmup-samples) in place of steps");
  }
  if (lengths.global_batch == 0) {
    throw cli::UsageError("--rampup-batch-size needs --global-batch-size: the size it grows to");
  }
}

}  // namespace gpt::train_tool
