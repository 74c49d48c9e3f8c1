#include "libgpt/train/log_line.hpp"

#include <cmath>
#include <cstdarg>
#include <cstdio>

namespace gpt::train {
namespace {

[[gnu::format(printf, 1, 2)]] std::string formatted(const char* format, ...) {
  char text[512];
  std::va_list arguments;
  va_start(arguments, format);
  std::vsnprintf(text, sizeof text, format, arguments);
  va_end(arguments);
  return text;
}

std::string duration_text(double seconds) {
  const auto whole = static_cast<long long>(seconds + 0.5);
  return formatted("%lld:%02lld:%02lld", whole / 3600, whole / 60 % 60, whole % 60);
}

std::string place_text(const EvaluationMetrics& metrics) {
  switch (metrics.kind) {
    case EvaluationKind::interval:
      return "validation loss at iteration " + std::to_string(metrics.iteration);
    case EvaluationKind::final_validation:
      return "validation loss at the end of training for val data";
    case EvaluationKind::final_test:
      return "validation loss at the end of training for test data";
  }
  return {};
}

}  // namespace

void LogInterval::add(const StepMetrics& metrics) {
  ++steps_;
  tokens_ += metrics.tokens;
  loss_ += metrics.loss;
  seconds_ += metrics.seconds;
  last_ = metrics;
}

std::string LogInterval::line(std::int64_t train_iterations, std::int64_t global_batch_size) const {
  const auto steps = static_cast<double>(steps_);
  const double left = seconds_ / steps * static_cast<double>(train_iterations - last_.iteration);
  return formatted(
             " iteration %8lld/%8lld | consumed samples: %12lld | elapsed time per iteration (ms): %.1f | ",
             static_cast<long long>(last_.iteration), static_cast<long long>(train_iterations),
             static_cast<long long>(last_.consumed_samples), 1000 * seconds_ / steps) +
         formatted("learning rate: %.3E | global batch size: %5lld | lm loss: %.6E | loss scale: 1.0 | ",
                   last_.learning_rate, static_cast<long long>(global_batch_size), loss_ / steps) +
         formatted("grad norm: %.3f | number of skipped iterations:   0 | number of nan iterations:   0 | ",
                   last_.gradient_norm) +
         formatted("tokens per second: %.1f | time left: ", static_cast<double>(tokens_) / seconds_) +
         duration_text(left) + " |";
}

std::string evaluation_text(const EvaluationMetrics& metrics) {
  const std::string line = " " + place_text(metrics) +
                           formatted(" | lm loss value: %.6E | lm loss PPL: %.6E |", metrics.loss,
                                     std::exp(std::min(metrics.loss, 20.0)));
  const std::string rule(line.size() + 1, '-');
  return rule + "\n" + line + "\n" + rule;
}

}  // namespace gpt::train
