#include "apps/gpt-train/training_log.hpp"

#include <cstdio>
#include <string>

#include "apps/gpt-train/standard_output.hpp"
#include "libcommon/log/logger.hpp"
#include "libgpt/cost/flops.hpp"

namespace gpt::train_tool {

namespace {

train::LogContext log_context(const Options& options, const cost::ModelShape& shape, double peak_flops) {
  train::LogContext context;
  context.train_iterations = options.train.train_iterations;
  context.token_flops = cost::token_flops(shape, options.data.sequence_length, cost::Recompute::none);
  context.ranks = options.parallel.layout.processes();
  context.peak_flops = peak_flops;
  return context;
}

}  // namespace

TrainingLog::TrainingLog(const Options& options, const cost::ModelShape& shape, double peak_flops,
                         MetricsFile* metrics)
    : context_(log_context(options, shape, peak_flops)),
      log_interval_(options.log_interval),
      metrics_(metrics),
      progress_(options.common.progress, "iterations",
                static_cast<std::uint64_t>(options.train.train_iterations)) {
  if (options.tensorboard_folder)
    tensorboard_ = std::make_unique<TensorboardLog>(*options.tensorboard_folder);
}

void TrainingLog::on_step(const train::StepMetrics& metrics) {
  if (metrics_ != nullptr)
    metrics_->write_or_throw(metrics, train::rank_flops(context_, metrics.tokens_per_second()));
  if (tensorboard_) tensorboard_->write_or_throw(metrics);
  seconds_ += metrics.seconds;
  tokens_ += metrics.tokens;
  interval_.add(metrics);
  if (metrics.iteration % log_interval_ == 0) print_interval();
  char note[32];
  std::snprintf(note, sizeof note, "loss %.4f", metrics.loss);
  progress_.update(static_cast<std::uint64_t>(metrics.iteration), note);
}

void TrainingLog::print_interval() {
  if (interval_.empty()) return;
  progress_.finish();
  print_line_or_throw(interval_.line(context_));
  interval_.clear();
}

void TrainingLog::on_evaluation(const train::EvaluationMetrics& metrics) {
  if (metrics_ != nullptr) metrics_->write_or_throw(metrics);
  if (tensorboard_) tensorboard_->write_or_throw(metrics);
  if (metrics.kind != train::EvaluationKind::interval) print_interval();
  progress_.finish();
  print_line_or_throw(train::evaluation_text(metrics));
}

void TrainingLog::on_saved(std::int64_t iteration, const std::string& path) {
  progress_.finish();
  print_line_or_throw(" saved iteration " + std::to_string(iteration) + " to " + path);
}

void TrainingLog::on_save_failed(std::int64_t iteration, const std::string& reason) {
  progress_.finish();
  log::error("iteration " + std::to_string(iteration) + " was not saved, and training goes on: " + reason);
}

void TrainingLog::finish() { print_interval(); }

}  // namespace gpt::train_tool
