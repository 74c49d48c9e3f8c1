#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string_view>
#include <vector>

#include "apps/gpt-bpe-train/count/word_counts.hpp"

namespace gpt::bpe_train {

struct WordCount {
  std::string_view word;
  std::uint64_t count = 0;
};

// Words in ascending order of their bytes, each once, with their counts, of which each and all together are
// below 2^63.
class SortedWords {
 public:
  virtual ~SortedWords() = default;
  // The next word; empty at the end. The view holds until the next call. Throws io::IoError, io::DataError,
  // cli::StoppedOnRequest.
  virtual std::optional<WordCount> next_or_throw() = 0;
};

// Those of a table, which must stay as it is. Memory: 24 bytes a word.
class SortedTable : public SortedWords {
 public:
  explicit SortedTable(const WordCounts& words);
  std::optional<WordCount> next_or_throw() override;

 private:
  std::vector<WordCount> words_;
  std::size_t next_ = 0;
};

// Those of several sources, the counts of one word added up.
class MergedWords : public SortedWords {
 public:
  explicit MergedWords(std::vector<std::unique_ptr<SortedWords>> sources);
  // Also throws std::overflow_error when the counts exceed 2^63.
  std::optional<WordCount> next_or_throw() override;

 private:
  struct Head {
    WordCount word;
    std::size_t source;
  };
  static bool goes_later(const Head& a, const Head& b) { return a.word.word > b.word.word; }
  void advance_or_throw(std::size_t source);

  std::vector<std::unique_ptr<SortedWords>> sources_;
  std::vector<Head> heads_;             // a heap, the first word on top
  std::vector<std::size_t> handed_on_;  // sources whose word was returned last
  std::uint64_t total_ = 0;
};

}  // namespace gpt::bpe_train
