#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "apps/gpt-bpe-train/merge_queue.hpp"
#include "apps/gpt-bpe-train/pair_counts.hpp"

namespace gpt::bpe_train {

// The distinct words of the corpus as token ids, which merges make fewer, and how often each occurs.
class CorpusWords {
 public:
  void add(std::span<const std::uint32_t> ids, std::uint64_t count);

  std::size_t size() const { return words_.size(); }
  std::span<std::uint32_t> ids(std::size_t word) {
    return std::span(ids_).subspan(words_[word].begin, words_[word].length);
  }
  std::int64_t count(std::size_t word) const { return words_[word].count; }
  void shorten(std::size_t word, std::size_t length) {
    words_[word].length = static_cast<std::uint32_t>(length);
  }

  // Tokens of the whole corpus: lengths times counts.
  std::uint64_t tokens() const;

 private:
  struct Word {
    std::size_t begin;  // in ids_
    std::int64_t count;
    std::uint32_t length;
  };
  std::vector<Word> words_;
  std::vector<std::uint32_t> ids_;
};

// Counts every pair of neighbours; each becomes a candidate with the words that hold it.
std::vector<Candidate> first_candidates(CorpusWords& corpus, PairCounts& counts);

// Carries out merges in the words, keeping the pair counts.
class PairMerger {
 public:
  PairMerger(CorpusWords& corpus, PairCounts& counts, std::size_t vocabulary_size);

  // Replaces the candidate's pair by the token merged in its words. Returns the pairs that arose, each with
  // the words in which it did.
  std::vector<Candidate> merge(const Candidate& candidate, std::uint32_t merged);

 private:
  // What the current merge did to a pair.
  struct Change {
    std::int64_t count = 0;
    std::vector<std::uint32_t> words;  // in which the pair arose
  };
  // Changes by the other token of the pair, for pairs that share one token; cheap to empty.
  class Changes {
   public:
    explicit Changes(std::size_t tokens) : slot_of_(tokens, kNone) {}
    Change& operator[](std::uint32_t token);
    template <class Visit>
    void take_all(Visit visit);

   private:
    static constexpr std::uint32_t kNone = UINT32_MAX;
    std::vector<std::uint32_t> slot_of_;  // by token
    std::vector<std::uint32_t> tokens_;   // touched, by slot
    std::vector<Change> changes_;         // by slot
  };

  void merge_word(std::uint32_t word, std::uint32_t left, std::uint32_t right, std::uint32_t merged);
  void arises_before(std::uint32_t previous, std::uint32_t merged, std::uint32_t word, std::int64_t count);
  void arises_after(std::uint32_t next, std::uint32_t word, std::int64_t count);

  CorpusWords& corpus_;
  PairCounts& counts_;
  Changes before_merged_;  // pairs (x, merged)
  Changes after_merged_;   // pairs (merged, x)
  Changes before_left_;    // pairs (x, left), which only vanish
  Changes after_right_;    // pairs (right, x), which only vanish
};

}  // namespace gpt::bpe_train
