#pragma once

#include <cstdint>
#include <optional>

#include "apps/gpt-generate/options.hpp"
#include "libcommon/tokenizer/byte_level_bpe.hpp"
#include "libgpt/checkpoint/model_folder.hpp"

namespace gpt::generate_tool {

// The vocabulary a model was trained with.
struct ModelVocabulary {
  tokenizer::ByteLevelBpe tokens;
  std::optional<std::int32_t> end_of_document;
};

// As the options say, else the one in the model's folder; sees that it fits the model. Throws io::IoError,
// io::DataError.
ModelVocabulary load_vocabulary_or_throw(const Options& options, const checkpoint::ModelFolder& folder);

}  // namespace gpt::generate_tool
