#pragma once

#include "apps/gpt-train/options.hpp"
#include "apps/gpt-train/training_log.hpp"
#include "libcommon/log/run_report.hpp"
#include "libgpt/model/model_config.hpp"
#include "libgpt/train/train_config.hpp"
#include "libgpt/train/unigram_entropy.hpp"

namespace gpt::train_tool {

// The last lines of the log: why it stopped, or what was reached.
void print_result(const train::TrainResult& result, const train::UnigramEntropy& entropy);

// --report, where it is asked for. Throws io::IoError.
void write_report(const Options& options, const train::TrainResult& result,
                  const train::UnigramEntropy& entropy, const model::ModelConfig& config,
                  const TrainingLog& log, log::RunReport& report);

}  // namespace gpt::train_tool
