#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "apps/gpt-bpe-train/learn/merge_queue.hpp"
#include "apps/gpt-bpe-train/learn/pair_counts.hpp"
#include "apps/gpt-bpe-train/learn/word_lists.hpp"
#include "libcommon/tokenizer/huge_page_allocator.hpp"

namespace gpt::bpe_train {

// The distinct words of the corpus as token ids, which merges make fewer, and how often each occurs. They lie
// one after the other in cells of 32 bits: count (two cells, the high one first), length, ids. A word is
// named by its first cell; cells that merges left over hold kFree, which no count begins with.
class CorpusWords {
 public:
  using Word = std::uint32_t;

  // most_cells: at most 2^32 - 1, which are 16 GiB; fewer for tests.
  explicit CorpusWords(std::size_t most_cells = UINT32_MAX) : most_cells_(most_cells) {}

  void reserve(std::size_t words, std::size_t ids) { cells_.reserve(words * kHeader + ids); }
  // Throws std::length_error when words have no names left, or their tokens are more than can be counted.
  void add_or_throw(std::span<const std::uint32_t> ids, std::uint64_t count);

  // Calls visit(word) in the order of names.
  template <class Visit>
  void for_each(Visit visit) const {
    for (std::size_t at = 0; at < cells_.size();) {
      if (cells_[at] == kFree) {
        ++at;
        continue;
      }
      visit(static_cast<Word>(at));
      at += kHeader + cells_[at + 2];
    }
  }

  std::span<std::uint32_t> ids(Word word) { return {cells_.data() + word + kHeader, cells_[word + 2]}; }
  std::span<const std::uint32_t> ids(Word word) const {
    return {cells_.data() + word + kHeader, cells_[word + 2]};
  }
  std::int64_t count(Word word) const {
    return static_cast<std::int64_t>(std::uint64_t{cells_[word]} << 32 | cells_[word + 1]);
  }
  void shorten(Word word, std::size_t length) {
    tokens_ -= (cells_[word + 2] - length) * static_cast<std::uint64_t>(count(word));
    std::fill(cells_.begin() + word + kHeader + static_cast<std::ptrdiff_t>(length),
              cells_.begin() + word + kHeader + cells_[word + 2], kFree);
    cells_[word + 2] = static_cast<std::uint32_t>(length);
  }
  void prefetch(Word word) const {
    __builtin_prefetch(cells_.data() + word);
    __builtin_prefetch(cells_.data() + word + 16);
  }

  // Tokens of the whole corpus: lengths times counts.
  std::uint64_t tokens() const { return tokens_; }
  // The same by token.
  std::vector<std::uint64_t> token_counts(std::size_t vocabulary_size) const;

 private:
  static constexpr std::size_t kHeader = 3;
  static constexpr std::uint32_t kFree = UINT32_MAX;
  std::size_t most_cells_;
  tokenizer::LargeVector<std::uint32_t> cells_;
  std::uint64_t tokens_ = 0;
};

// Counts every pair of neighbours; each becomes a candidate with the words that hold it.
std::vector<Candidate> first_candidates(const CorpusWords& corpus, PairCounts& counts, WordLists& lists);

// Carries out merges in the words, keeping the pair counts.
class PairMerger {
 public:
  PairMerger(CorpusWords& corpus, PairCounts& counts, WordLists& lists);

  // Replaces the candidate's pair by the token merged in its words. Returns the pairs that arose, each with
  // the words in which it did; they hold until the next merge.
  const std::vector<Candidate>& merge(const Candidate& candidate, std::uint32_t merged);

 private:
  // What the current merge did to a pair.
  struct Change {
    std::uint32_t token;  // the other one of the pair
    std::uint32_t words;  // in which the pair arose: how many
    std::int64_t count;
    CorpusWords::Word last_word;
    std::uint32_t* list;
  };
  // Changes by the other token of the pair, for pairs that share one token; cheap to empty.
  class Changes {
   public:
    void vanishes(std::uint32_t token, std::int64_t count) { changes_[slot_of(token)].count -= count; }
    // Words come in order.
    void arises(std::uint32_t token, CorpusWords::Word word, std::int64_t count);
    // Calls visit(token) for each change.
    template <class Visit>
    void for_each_token(Visit visit) const {
      for (const Change& change : changes_) visit(change.token);
    }
    // Calls visit(token, count, words) for each change and empties them.
    template <class Visit>
    void take_all(WordLists& lists, Visit visit);

   private:
    static constexpr std::uint32_t kNone = UINT32_MAX;  // no word begins there
    struct Arisen {
      std::uint32_t slot;
      CorpusWords::Word word;
    };

    std::uint32_t slot_of(std::uint32_t token);

    std::vector<std::uint32_t> slot_of_;  // by token, as far as tokens have come up
    std::vector<Change> changes_;         // by slot
    std::vector<Arisen> arisen_;
  };

  void merge_word(CorpusWords::Word word, std::uint32_t left, std::uint32_t right, std::uint32_t merged);

  CorpusWords& corpus_;
  PairCounts& counts_;
  WordLists& lists_;
  Changes before_merged_;  // pairs (x, merged)
  Changes after_merged_;   // pairs (merged, x)
  Changes before_left_;    // pairs (x, left), which only vanish
  Changes after_right_;    // pairs (right, x), which only vanish
  std::vector<Candidate> candidates_;
};

}  // namespace gpt::bpe_train
