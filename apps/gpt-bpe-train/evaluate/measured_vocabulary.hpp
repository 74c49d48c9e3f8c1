#pragma once

#include <string>

#include "libcommon/tokenizer/tokenizer.hpp"

namespace gpt::bpe_train {

// A vocabulary that is measured on texts. Read once, then only read, by any number of threads.
struct MeasuredVocabulary {
  std::string name;  // as it was given
  tokenizer::Tokenizer tokenizer;
};

// From a folder with tokenizer.json of byte-level BPE, vocab.json and merges.txt, or vocab.txt (WordPiece,
// whose letter case is what its tokenizer_config.json says: lowered where there is none). Throws io::IoError,
// io::DataError.
MeasuredVocabulary load_measured_or_throw(const std::string& folder);

}  // namespace gpt::bpe_train
