#pragma once

#include <cstdint>
#include <memory>

#include "apps/gpt-train/metrics_file.hpp"
#include "apps/gpt-train/options.hpp"
#include "apps/gpt-train/tensorboard_log.hpp"
#include "libcommon/log/progress.hpp"
#include "libgpt/train/log_line.hpp"
#include "libgpt/train/observer.hpp"

namespace gpt::train_tool {

// Tells what the step loop does: log lines on stdout, progress on stderr, --metrics, --tensorboard-dir.
class TrainingLog : public train::Observer {
 public:
  // peak_flops: that a rank could reach a second. metrics may be null.
  TrainingLog(const Options& settled, const cost::ModelShape& shape, double peak_flops, MetricsFile* metrics);

  void on_step(const train::StepMetrics& metrics) override;
  void on_evaluation(const train::EvaluationMetrics& metrics) override;
  void on_saved(std::int64_t iteration, const std::string& path) override;
  void on_save_failed(std::int64_t iteration, const std::string& reason) override;

  // The line of an interval that the run ended within; ends the progress display.
  void finish();

  double seconds() const { return seconds_; }  // of all steps
  std::int64_t tokens() const { return tokens_; }

 private:
  void print_interval();

  train::LogContext context_;
  std::int64_t log_interval_;
  MetricsFile* metrics_;
  std::unique_ptr<TensorboardLog> tensorboard_;
  log::Progress progress_;
  train::LogInterval interval_;
  double seconds_ = 0;
  std::int64_t tokens_ = 0;
};

}  // namespace gpt::train_tool
