#include <CLI/CLI.hpp>

#include "apps/gpt-train/written_options.hpp"
#include "libcommon/cli/errors.hpp"

namespace gpt::train_tool {
namespace {

void add_schedule_options(CLI::App& app, Written& w) {
  train::TrainConfig& train = w.options.train;
  LengthOptions& lengths = w.options.lengths;
  w.learning_rate = add_number(app, "--lr", train.schedule.maximum, "Learning rate", 0, 1e6);
  add_number(app, "--min-lr", train.schedule.minimum, "Learning rate after its decay", 0, 1e6)
      ->capture_default_str();
  app.add_option("--lr-decay-style", w.decay_style, "How the learning rate falls")
      ->check(CLI::IsMember({"constant", "linear", "cosine"}))
      ->capture_default_str();
  auto* decay =
      add_size(app, "--lr-decay-iters", lengths.decay_iterations, "Steps to decay over; default all");
  add_size(app, "--lr-decay-samples", lengths.decay_samples, "Samples to decay over; default all")
      ->excludes(decay);
  auto* fraction = add_number(app, "--lr-warmup-fraction", lengths.warmup_fraction,
                              "Part of the decay's length to warm up over", 0, 1);
  auto* warmup = add_size(app, "--lr-warmup-iters", lengths.warmup_iterations, "Steps to warm up over", 0);
  warmup->excludes(fraction);
  add_size(app, "--lr-warmup-samples", lengths.warmup_samples, "Samples to warm up over", 0)
      ->excludes(fraction)
      ->excludes(warmup);
}

}  // namespace

void add_optimizer_options(CLI::App& app, Written& w) {
  add_schedule_options(app, w);
  train::TrainConfig& train = w.options.train;
  add_number(app, "--weight-decay", train.optimizer.weight_decay, "AdamW's weight decay", 0, 1e3)
      ->capture_default_str();
  add_number(app, "--clip-grad", train.clip_grad, "Largest gradient norm; 0 never clips", 0, 1e9)
      ->capture_default_str();
  add_number(app, "--adam-beta1", train.optimizer.beta1, "AdamW's first moment", 0, 0.999999)
      ->capture_default_str();
  add_number(app, "--adam-beta2", train.optimizer.beta2, "AdamW's second moment", 0, 0.99999999)
      ->capture_default_str();
  add_number(app, "--adam-eps", train.optimizer.epsilon, "AdamW's epsilon", 0, 1)->capture_default_str();
}

void settle_optimizer_options_or_throw(Written& w) {
  if (w.learning_rate->count() == 0 && !w.options.print_layout) {
    throw cli::UsageError("--lr is required: the learning rate");
  }
  optim::LearningRateSchedule& schedule = w.options.train.schedule;
  schedule.style = w.decay_style == "constant" ? optim::DecayStyle::constant
                   : w.decay_style == "cosine" ? optim::DecayStyle::cosine
                                               : optim::DecayStyle::linear;
  if (w.learning_rate->count() != 0 && schedule.minimum > schedule.maximum) {
    throw cli::UsageError("--min-lr is more than --lr");
  }
}

}  // namespace gpt::train_tool
