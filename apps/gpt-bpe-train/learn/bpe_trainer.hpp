#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <utility>
#include <vector>

#include "apps/gpt-bpe-train/count/word_counts.hpp"
#include "apps/gpt-bpe-train/evaluate/letter_words.hpp"

namespace gpt::bpe_train {

// Which single bytes get a token: all 256, or those that occur.
enum class Alphabet { all, none };

// Tokens by id, in byte symbols, and merges, the first to apply first.
struct Vocabulary {
  std::vector<std::string> tokens;
  std::vector<std::pair<std::string, std::string>> merges;
};

struct TrainerSettings {
  std::size_t vocabulary_size = 0;
  std::uint64_t min_frequency = 0;
  std::vector<std::string> special_tokens;
  Alphabet alphabet = Alphabet::all;
  Vocabulary earlier = {};  // kept as it is, and gone on from; empty: none
};

struct TrainedVocabulary : Vocabulary {
  std::uint64_t corpus_tokens = 0;          // of the counted words after all merges
  std::vector<std::uint64_t> token_counts;  // of them, by id
  WordFigures words;
};

// Learns byte-pair merges from word counts, as Hugging Face tokenizers' BpeTrainer does: ids are the special
// tokens, the alphabet by code point, then the merges. Where there is an earlier vocabulary its ids come
// first and its merges are applied to the words before others are learned. The next merge is the pair of the
// highest count, of the lowest (left id, right id) among equals; it ends at the vocabulary size, or when no
// pair is left that is seen at least once and min_frequency times. Counts have 64 bits. The result depends on
// the counts alone. progress is told the size of the vocabulary so far. Throws std::invalid_argument when
// special tokens, alphabet and earlier tokens alone exceed the vocabulary size, or an earlier merge has or
// makes a token that is not among the earlier ones; cli::StoppedOnRequest.
TrainedVocabulary train_bpe_or_throw(const WordCounts& words, const TrainerSettings& settings,
                                     const std::function<void(std::uint64_t)>& progress);

}  // namespace gpt::bpe_train
