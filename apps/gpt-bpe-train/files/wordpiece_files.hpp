#pragma once

#include <span>
#include <string>

#include "libcommon/tokenizer/wordpiece_text.hpp"

namespace gpt::bpe_train {

// vocab.txt: a token a line, its number from 0 being the id.
std::string wordpiece_vocabulary_text(std::span<const std::string> tokens);

// tokenizer.json of the vocabulary, as Hugging Face's BertWordPieceTokenizer saves it once it has read
// vocab.txt. Where [CLS] and [SEP] are special tokens they are put around what is encoded.
std::string wordpiece_tokenizer_json(std::span<const std::string> tokens,
                                     std::span<const std::string> special_tokens,
                                     tokenizer::LetterCase letter_case);

// tokenizer_config.json, by which transformers reads the folder as BertTokenizer.
std::string wordpiece_config_json(std::span<const std::string> special_tokens,
                                  tokenizer::LetterCase letter_case);

}  // namespace gpt::bpe_train
