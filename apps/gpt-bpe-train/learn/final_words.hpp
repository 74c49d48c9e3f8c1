#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

#include "apps/gpt-bpe-train/count/word_counts.hpp"
#include "apps/gpt-bpe-train/evaluate/letter_words.hpp"
#include "apps/gpt-bpe-train/learn/merge_words.hpp"

namespace gpt::bpe_train {

// How the merges left the words. corpus: made of words, in their order.
inline WordFigures final_words(const WordCounts& words, const CorpusWords& corpus) {
  std::vector<std::uint32_t> lengths;
  lengths.reserve(words.distinct());
  corpus.for_each([&](CorpusWords::Word word) {
    lengths.push_back(static_cast<std::uint32_t>(corpus.ids(word).size()));
  });
  WordFigures figures;
  std::size_t next = 0;
  words.for_each([&](std::string_view word, std::uint64_t count) {
    const std::uint32_t length = lengths[next++];
    if (is_letter_word(word)) figures.add(count, length, length == 1);
  });
  return figures;
}

}  // namespace gpt::bpe_train
