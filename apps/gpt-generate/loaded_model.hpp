#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "apps/gpt-generate/options.hpp"
#include "libcommon/tokenizer/byte_level_bpe.hpp"
#include "libgpt/model/gpt.hpp"

namespace gpt::generate_tool {

// A model and the vocabulary it was trained with.
struct LoadedModel {
  std::string path;  // of the model's own folder
  model::Gpt<float> model;
  tokenizer::ByteLevelBpe vocabulary;
  std::optional<std::int32_t> end_of_document;

  std::int64_t positions() const { return model.config().shape.positions; }
};

// Reads both and sees that they fit each other. Throws io::IoError, io::DataError.
LoadedModel load_model_or_throw(const Options& options);

}  // namespace gpt::generate_tool
