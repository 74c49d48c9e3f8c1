#include <CLI/CLI.hpp>

#include "apps/gpt-train/precision_text.hpp"
#include "apps/gpt-train/written_options.hpp"
#include "libcommon/cli/errors.hpp"

namespace gpt::train_tool {
namespace {

constexpr double kLargestScale = 1e30;

void add_loss_scale_options(CLI::App& app, Written& w) {
  optim::LossScalerConfig& scaler = w.loss_scaler;
  w.loss_scale_options = {
      app.add_option("--loss-scale", w.fixed_loss_scale,
                     "fp16: multiply the loss by this, always; else by what gradients bear, as follows")
          ->check(CLI::Range(1.0, kLargestScale))
          ->type_name("X"),
      add_number(app, "--initial-loss-scale", scaler.initial, "fp16: the first loss scale", 1, kLargestScale)
          ->capture_default_str(),
      add_number(app, "--min-loss-scale", scaler.minimum, "fp16: the least loss scale", 1e-30, kLargestScale)
          ->capture_default_str(),
      add_size(app, "--loss-scale-window", scaler.window, "fp16: good steps after which the scale doubles")
          ->capture_default_str(),
      add_size(app, "--hysteresis", scaler.hysteresis, "fp16: overflows before the scale halves")
          ->capture_default_str()};
}

void settle_precision_or_throw(Written& w) {
  Options& options = w.options;
  const bool fp16 = w.fp16 || w.precision_bits == 16;
  if (w.bf16 && fp16) throw cli::UsageError("--bf16 and --fp16 are two kinds of numbers: give one of them");
  if (w.bf16) options.precision = cost::Precision::bf16;
  if (fp16) options.precision = cost::Precision::fp16;
  if (options.precision != cost::Precision::fp32 && options.device == comm::DeviceChoice::cpu &&
      !options.print_layout) {
    throw cli::UsageError(std::string(precision_flag(options.precision)) +
                          ": training on the CPU is in fp32; leave it out, or pass --device cuda");
  }
  if (options.allow_tf32 && options.precision != cost::Precision::fp32) {
    throw cli::UsageError("--allow-tf32 is for products of fp32, and " +
                          std::string(precision_flag(options.precision)) + " has none: leave one out");
  }
}

void settle_loss_scale(Written& w) {
  Options& options = w.options;
  if (options.precision != cost::Precision::fp16) {
    for (const CLI::Option* option : w.loss_scale_options) {
      if (option->count() != 0) options.without_effect.push_back(option->get_name() + " (without --fp16)");
    }
    return;
  }
  if (w.fixed_loss_scale) {
    w.loss_scaler.initial = *w.fixed_loss_scale;
    w.loss_scaler.kind = optim::LossScalerConfig::Kind::fixed;
  }
  options.train.loss_scaler = w.loss_scaler;
}

void settle_profiler_or_throw(Written& w) {
  if (w.profiler_start->count() == 0 && w.profiler_end->count() == 0) return;
  if (w.profiler_start->count() == 0 || w.profiler_end->count() == 0 || w.profiler.start >= w.profiler.end) {
    throw cli::UsageError(
        "--profile-step-start and --profile-step-end go together, the first below the second: the steps "
        "after the one, up to the other, are recorded");
  }
  w.options.train.profiler = w.profiler;
}

}  // namespace

void add_device_options(CLI::App& app, Written& w) {
  app.add_option("--device", w.device, "What to compute on; auto: GPUs where there are some")
      ->check(CLI::IsMember({"auto", "cpu", "cuda"}))
      ->capture_default_str()
      ->type_name("auto|cpu|cuda");
  app.add_flag("--bf16", w.bf16, "Compute in bf16, with weights kept in fp32 beside (on a GPU)");
  app.add_flag("--fp16", w.fp16, "Compute in fp16, with the loss scaled and weights kept in fp32 beside");
  app.add_option("--fp16-precision", w.precision_bits, "16: as --fp16")
      ->check(CLI::IsMember({16, 32}))
      ->type_name("N");
  app.add_flag("--allow-tf32", w.options.allow_tf32,
               "Without --bf16 and --fp16, on a GPU: round what matrix products multiply to TF32");
  app.add_flag("--share-gpus", w.options.share_gpus,
               "Let several ranks have one GPU, where there are fewer than ranks");
  add_loss_scale_options(app, w);
  w.profiler_start = add_size(app, "--profile-step-start", w.profiler.start,
                              "Have Nsight Systems or Compute record what follows this step", 0);
  w.profiler_end = add_size(app, "--profile-step-end", w.profiler.end, "... until this step is done");
}

void settle_device_options_or_throw(Written& w) {
  w.options.device = w.device == "cpu"    ? comm::DeviceChoice::cpu
                     : w.device == "cuda" ? comm::DeviceChoice::cuda
                                          : comm::DeviceChoice::automatic;
  settle_precision_or_throw(w);
  settle_loss_scale(w);
  settle_profiler_or_throw(w);
}

}  // namespace gpt::train_tool
