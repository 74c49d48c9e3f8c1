#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "apps/gpt-bpe-train/count/kept_counts.hpp"
#include "apps/gpt-bpe-train/learn/bpe_trainer.hpp"
#include "apps/gpt-bpe-train/options.hpp"
#include "libcommon/log/run_report.hpp"

namespace gpt::bpe_train {

// Says in the log what was trained, and what was left out of it.
void say_result(const Options& options, const Corpus& corpus, const TrainedVocabulary& vocabulary);

// What was counted, and from what.
void fill_counts(log::RunReport& report, const Options& options, const CountsSummary& summary,
                 const std::vector<std::string>& first_errors);
// What was trained on it.
void fill_training(log::RunReport& report, const Corpus& corpus, const TrainedVocabulary& vocabulary);

}  // namespace gpt::bpe_train
