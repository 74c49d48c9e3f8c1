#include "apps/gpt-train/training_log.hpp"

#include <cstdio>
#include <string>

#include "apps/gpt-train/standard_output.hpp"

namespace gpt::train_tool {

TrainingLog::TrainingLog(const Options& options, MetricsFile* metrics)
    : train_iterations_(options.train.train_iterations),
      global_batch_size_(options.train.global_batch_size),
      log_interval_(options.log_interval),
      metrics_(metrics),
      progress_(options.common.progress, "iterations",
                static_cast<std::uint64_t>(options.train.train_iterations)) {}

void TrainingLog::on_step(const train::StepMetrics& metrics) {
  if (metrics_ != nullptr) metrics_->write_or_throw(metrics);
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
  print_line_or_throw(interval_.line(train_iterations_, global_batch_size_));
  interval_.clear();
}

void TrainingLog::on_evaluation(const train::EvaluationMetrics& metrics) {
  if (metrics_ != nullptr) metrics_->write_or_throw(metrics);
  if (metrics.kind != train::EvaluationKind::interval) print_interval();
  progress_.finish();
  print_line_or_throw(train::evaluation_text(metrics));
}

void TrainingLog::on_saved(std::int64_t iteration, const std::string& path) {
  progress_.finish();
  print_line_or_throw(" saved iteration " + std::to_string(iteration) + " to " + path);
}

void TrainingLog::finish() { print_interval(); }

}  // namespace gpt::train_tool
