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

double rank_flops(const LogContext& context, double tokens_per_second) {
  return context.token_flops * tokens_per_second / static_cast<double>(context.ranks);
}

void LogInterval::add(const StepMetrics& metrics) {
  ++steps_;
  if (!std::isfinite(metrics.loss)) ++not_finite_;
  if (metrics.skipped) {
    ++skipped_;
  } else {
    loss_ += metrics.loss;
  }
  tokens_ += metrics.tokens;
  seconds_ += metrics.seconds;
  last_ = metrics;
}

std::string LogInterval::line(const LogContext& context) const {
  const auto steps = static_cast<double>(steps_);
  const std::int64_t updates = steps_ - skipped_;
  const double loss = updates == 0 ? last_.loss : loss_ / static_cast<double>(updates);
  const double left = seconds_ / steps * static_cast<double>(context.train_iterations - last_.iteration);
  const double speed = static_cast<double>(tokens_) / seconds_;
  const double flops = rank_flops(context, speed);
  std::string line = formatted(
      " iteration %8lld/%8lld | consumed samples: %12lld | elapsed time per iteration (ms): %.1f | ",
      static_cast<long long>(last_.iteration), static_cast<long long>(context.train_iterations),
      static_cast<long long>(last_.consumed_samples), 1000 * seconds_ / steps);
  line += formatted("learning rate: %.3E | global batch size: %5lld | lm loss: %.6E | loss scale: %.1f | ",
                    last_.learning_rate, static_cast<long long>(last_.batch_size), loss, last_.loss_scale);
  line +=
      formatted("grad norm: %.3f | number of skipped iterations: %3lld | number of nan iterations: %3lld | ",
                last_.gradient_norm, static_cast<long long>(skipped_), static_cast<long long>(not_finite_));
  line += formatted("tokens per second: %.1f | TFLOP/s per rank: %.3f | ", speed, flops * 1e-12);
  if (context.peak_flops > 0)
    line += formatted("share of peak: %.1f %% | ", 100 * flops / context.peak_flops);
  return line + "time left: " + duration_text(left) + " |";
}

std::string evaluation_text(const EvaluationMetrics& metrics) {
  const std::string line = " " + place_text(metrics) +
                           formatted(" | lm loss value: %.6E | lm loss PPL: %.6E |", metrics.loss,
                                     std::exp(std::min(metrics.loss, 20.0)));
  const std::string rule(line.size() + 1, '-');
  return rule + "\n" + line + "\n" + rule;
}

}  // namespace gpt::train
