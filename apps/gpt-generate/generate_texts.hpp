#pragma once

#include "apps/gpt-generate/model_vocabulary.hpp"
#include "apps/gpt-generate/options.hpp"
#include "libcommon/log/run_report.hpp"
#include "libgpt/model/inference_model.hpp"

namespace gpt::generate_tool {

// Writes the texts to the options' output and notes in the report what was done. Throws
// cli::StoppedOnRequest, io::IoError, io::DataError.
void generate_texts_or_throw(const Options& options, const GenerateTask& task, model::InferenceModel& model,
                             const ModelVocabulary& vocabulary, log::RunReport& report);

}  // namespace gpt::generate_tool
