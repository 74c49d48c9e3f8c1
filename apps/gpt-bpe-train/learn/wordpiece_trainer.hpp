#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "apps/gpt-bpe-train/count/word_counts.hpp"
#include "apps/gpt-bpe-train/learn/bpe_trainer.hpp"

namespace gpt::bpe_train {

struct WordPieceSettings {
  std::size_t vocabulary_size = 0;
  std::uint64_t min_frequency = 0;
  std::vector<std::string> special_tokens = {};
  std::size_t most_characters = 1000;  // of the alphabet
  std::u32string characters = {};      // in the alphabet even if the words do not hold them
};

// Learns a WordPiece vocabulary as Hugging Face tokenizers' WordPieceTrainer does, from words as BERT cuts
// them (tokenizer::WordPieceText). Characters become tokens, with "##" before them where they do not begin a
// word, and the most frequent pairs of tokens are merged as in train_bpe_or_throw. Ids are the special
// tokens, the alphabet by code point, its continuing forms by code point, then the merges. Hugging Face's
// trainer numbers the continuing forms as its hash table happens to lie in memory, and breaks ties by these
// numbers, so that no two of its runs give the same file; given this order, it gives this file. Where there
// are more characters than the alphabet may have, the rarest are left out, of equally frequent ones those of
// higher code points, and words go on without them. Throws as train_bpe_or_throw.
TrainedVocabulary train_wordpiece_or_throw(const WordCounts& words, const WordPieceSettings& settings,
                                           const std::function<void(std::uint64_t)>& progress);

}  // namespace gpt::bpe_train
