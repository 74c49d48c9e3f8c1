#include "apps/gpt-train/run_result.hpp"

#include <cstdio>
#include <string>

#include "apps/gpt-train/standard_output.hpp"
#include "libgpt/cost/model_shape.hpp"

namespace gpt::train_tool {
namespace {

const char* name_of(train::StopReason reason) {
  switch (reason) {
    case train::StopReason::finished:
      return "finished";
    case train::StopReason::requested:
      return "signal";
    case train::StopReason::exit_interval:
      return "exit-interval";
    case train::StopReason::exit_duration:
      return "exit-duration-in-mins";
  }
  return "finished";
}

}  // namespace

void print_result(const train::TrainResult& result, const train::UnigramEntropy& entropy) {
  if (result.reason != train::StopReason::finished) {
    print_line_or_throw(" stopped after iteration " + std::to_string(result.iteration) + " (" +
                        name_of(result.reason) + ")" +
                        (result.saved ? ": the same command goes on from " + *result.saved
                                      : ": nothing was saved, for want of --save"));
    return;
  }
  if (!result.validation_loss) return;
  char line[160];
  std::snprintf(line, sizeof line,
                " validation loss %.4f nats a token; guessing by token frequency alone would cost %.4f",
                *result.validation_loss, entropy.nats);
  print_line_or_throw(line);
}

void write_report(const Options& options, const train::TrainResult& result,
                  const train::UnigramEntropy& entropy, const model::ModelConfig& config,
                  const TrainingLog& log, log::RunReport& report) {
  if (!options.common.report) return;
  report.set("parameters", cost::parameter_count(config.shape));
  report.set("iterations", result.iteration);
  report.set("consumed_samples", result.consumed_samples);
  report.set("tokens", log.tokens());
  report.set("step_seconds", log.seconds());
  if (result.last_loss) report.set("train_loss", *result.last_loss);
  if (result.validation_loss) report.set("validation_loss", *result.validation_loss);
  if (result.test_loss) report.set("test_loss", *result.test_loss);
  report.set("unigram_entropy", entropy.nats);
  report.set("unigram_tokens", entropy.tokens);
  report.set("stop_reason", name_of(result.reason));
  if (result.saved) report.set("checkpoint", *result.saved);
  report.write_or_throw(*options.common.report);
}

}  // namespace gpt::train_tool
