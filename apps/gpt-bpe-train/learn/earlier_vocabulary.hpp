#pragma once

#include <string>
#include <vector>

#include "apps/gpt-bpe-train/count/word_splitting.hpp"
#include "apps/gpt-bpe-train/learn/bpe_trainer.hpp"

namespace gpt::bpe_train {

// A vocabulary to go on from.
struct EarlierVocabulary {
  Vocabulary vocabulary;                    // with the tokens that only tokenizer.json adds
  std::vector<std::string> special_tokens;  // by id
};

// The vocabulary of a folder with vocab.json and merges.txt; what tokenizer.json says is heeded where it is
// there. Throws io::IoError; io::DataError, also when that file cuts words otherwise than splitting does.
EarlierVocabulary load_earlier_or_throw(const std::string& folder, const WordSplitting& splitting);

}  // namespace gpt::bpe_train
