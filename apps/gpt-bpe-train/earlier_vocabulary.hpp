#pragma once

#include <string>

#include "apps/gpt-bpe-train/bpe_trainer.hpp"

namespace gpt::bpe_train {

// The vocabulary of a folder with vocab.json and merges.txt. Throws io::IoError, io::DataError.
Vocabulary load_vocabulary_or_throw(const std::string& folder);

}  // namespace gpt::bpe_train
