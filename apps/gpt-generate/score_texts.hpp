#pragma once

#include "apps/gpt-generate/model_vocabulary.hpp"
#include "apps/gpt-generate/options.hpp"
#include "libcommon/log/run_report.hpp"
#include "libgpt/model/inference_model.hpp"

namespace gpt::generate_tool {

// Writes mean loss and perplexity of a file to the options' output: a text file is one document, each line of
// JSON Lines one. Documents are predicted as in training, after an end-of-document token where there is one.
// Throws io::IoError, io::DataError, cli::UsageError for a stride beyond the positions.
void score_texts_or_throw(const Options& options, const ScoreTask& task, model::InferenceModel& model,
                          const ModelVocabulary& vocabulary, log::RunReport& report);

}  // namespace gpt::generate_tool
