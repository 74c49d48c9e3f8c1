#pragma once

#include <span>
#include <string>

#include "apps/gpt-bpe-train/count/word_splitting.hpp"
#include "apps/gpt-bpe-train/learn/bpe_trainer.hpp"

namespace gpt::bpe_train {

// tokenizer.json of a vocabulary (docs/formats/tokenizer-json.md), as ByteLevelBPETokenizer of Hugging Face
// tokenizers saves it; for other split patterns than GPT-2's as Llama 3 and Qwen2 have it.
std::string tokenizer_json(const Vocabulary& vocabulary, std::span<const std::string> special_tokens,
                           const WordSplitting& splitting);

// tokenizer_config.json, by which transformers' AutoTokenizer reads the folder. Of the special tokens those
// that are known by name get their parts: the end of a text, padding ...
std::string tokenizer_config_json(std::span<const std::string> special_tokens,
                                  const WordSplitting& splitting);

}  // namespace gpt::bpe_train
