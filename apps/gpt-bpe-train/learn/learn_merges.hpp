#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "apps/gpt-bpe-train/learn/merge_words.hpp"
#include "apps/gpt-bpe-train/learn/token_ids.hpp"

namespace gpt::bpe_train {

struct MergeLimits {
  std::size_t vocabulary_size = 0;
  std::uint64_t min_frequency = 0;
};

// Of two tokens, the one that they become.
using JoinTokens = std::function<std::string(const std::string& left, const std::string& right)>;

// Throws std::invalid_argument when the vocabulary has outgrown its size before any merge. what: the words
// for what it holds.
void check_room_or_throw(const TokenIds& vocabulary, std::size_t vocabulary_size, const std::string& what);

// Merges the words' most frequent pair of neighbours, the one of lowest (left id, right id) among equals,
// until the vocabulary has its size or no pair is left that is seen at least once and min_frequency times.
// Returns the pairs in the order in which they were merged. progress is told the size of the vocabulary so
// far. Throws cli::StoppedOnRequest.
std::vector<Pair> learn_merges_or_throw(CorpusWords& corpus, TokenIds& vocabulary, const MergeLimits& limits,
                                        const JoinTokens& join,
                                        const std::function<void(std::uint64_t)>& progress);

}  // namespace gpt::bpe_train
