#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "apps/gpt-dedup/rewrite/decontaminate_words.hpp"

namespace gpt::dedup {

// Words of an n-gram: every run of `most` words of a task's text; all of a text that has fewer, but not of
// one with less than `least`.
struct NgramSizes {
  int least = 8;
  int most = 13;
};

// Hashes of word n-grams, rolling: each takes two multiplications whatever its length.
class NgramHasher {
 public:
  // most: the longest n-gram that will be asked for.
  explicit NgramHasher(int most);
  // What hash() is about until the next call.
  void take(std::span<const FoldedWord> words);
  std::uint64_t hash(std::size_t first_word, int words) const;

 private:
  std::vector<std::uint64_t> powers_;    // of the base, by length
  std::vector<std::uint64_t> prefixes_;  // of the first i words
};

using NgramId = std::uint32_t;

// The n-grams of the evaluation tasks that a training corpus must not hold, with where each comes from.
// Memory: the tasks' words and about 70 bytes an n-gram.
class TaskNgrams {
 public:
  explicit TaskNgrams(NgramSizes sizes);

  // Later texts belong to this task.
  void begin_task(std::string name);
  // line: of the text in the task's file. An n-gram that is there already stays its first task's.
  void add_text(std::string_view text, std::uint64_t line);

  std::size_t size() const { return ngrams_.size(); }
  const NgramSizes& sizes() const { return sizes_; }
  // The numbers of words that n-grams have: the longest first, then ascending, as they are looked for.
  std::vector<int> lengths() const;
  const std::vector<std::string>& tasks() const { return tasks_; }
  std::size_t texts() const { return texts_; }
  // Texts of fewer words than the shortest n-gram, which cannot be found.
  std::size_t texts_too_short() const { return texts_too_short_; }

  std::size_t task(NgramId ngram) const { return ngrams_[ngram].task; }
  std::uint64_t line(NgramId ngram) const { return ngrams_[ngram].line; }
  std::string_view words(NgramId ngram) const {
    return std::string_view(words_).substr(ngrams_[ngram].begin, ngrams_[ngram].length);
  }

  // Whether an n-gram may begin with `least` words of this hash of NgramHasher: nearly every place of a
  // corpus is ruled out by one bit.
  bool may_begin(std::uint64_t hash) const {
    const std::uint64_t bit = hash >> filter_shift_;
    return (filter_[bit / 64] >> (bit % 64) & 1U) != 0;
  }
  // The n-gram of these words of a text, if it is one. hash: of NgramHasher.
  std::optional<NgramId> find(std::uint64_t hash, std::string_view text,
                              std::span<const FoldedWord> words) const;

 private:
  struct Ngram {
    std::size_t begin = 0;  // in words_
    std::uint32_t length = 0;
    std::uint32_t task = 0;
    std::uint64_t line = 0;
    std::uint64_t hash = 0;
    std::uint64_t beginning = 0;  // hash of its first `least` words
  };
  std::optional<NgramId> find_words(std::uint64_t hash, std::string_view words) const;
  void add(const Ngram& ngram);
  void enter(NgramId ngram);
  void grow();

  NgramSizes sizes_;
  std::vector<std::string> tasks_;
  std::size_t texts_ = 0;
  std::size_t texts_too_short_ = 0;
  std::vector<bool> has_length_;
  std::string words_;  // of the texts, a space between words
  std::vector<Ngram> ngrams_;
  std::vector<NgramId> slots_;         // open addressing by hash; kEmpty where none
  std::vector<std::uint64_t> filter_;  // 8 bits a slot
  unsigned filter_shift_ = 0;
  WordScanner scanner_;
  NgramHasher hasher_;
};

}  // namespace gpt::dedup
