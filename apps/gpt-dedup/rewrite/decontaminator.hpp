#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "apps/gpt-dedup/rewrite/decontaminate_ngrams.hpp"

namespace gpt::dedup {

// Limits of the removal, in code points where they count characters; the defaults are those of GPT-3's and
// Megatron-LM's corpora.
struct CutLimits {
  std::size_t each_side = 200;        // removed before and after a match, and on to the next of .!?
  std::size_t longest_dropped = 200;  // a piece of this many characters or fewer goes
  std::size_t most_pieces = 10;       // a document left in more pieces goes
  std::uint32_t frequent = 10;        // an n-gram in this many documents is left alone
};

// In how many documents each n-gram stands.
class NgramFrequencies {
 public:
  explicit NgramFrequencies(std::size_t ngrams) : documents_(ngrams) {}
  // ngrams: of one document, each once.
  void add(const std::vector<NgramId>& ngrams) {
    for (const NgramId ngram : ngrams) ++documents_[ngram];
  }
  std::uint32_t documents(NgramId ngram) const { return documents_[ngram]; }

 private:
  std::vector<std::uint32_t> documents_;
};

// Where a document was cut.
struct Cut {
  NgramId ngram = 0;
  std::size_t character = 0;  // of the document, at which the n-gram begins
};

struct CleanedText {
  std::vector<std::string_view> pieces;  // of the text, in order; the text itself where nothing was cut
  std::vector<Cut> cuts;
  bool too_many_pieces = false;  // the document goes although pieces are left
};

// Finds n-grams of the tasks in documents and cuts them out with what surrounds them. One a thread.
class Decontaminator {
 public:
  Decontaminator(const TaskNgrams& tasks, const CutLimits& limits);

  // The n-grams of a document, ascending, each once; wherever they stand, overlapping ones too.
  std::vector<NgramId> ngrams_of(std::string_view text);

  // From the left: at each word the longest n-gram is looked for, then the others from the shortest; where
  // the longest no longer fits, each length at all words that are left. Around a match, text goes from the
  // last of .!? that is each_side characters before it to the first that is as far behind it; the search goes
  // on after that. Time grows linearly with the text.
  CleanedText cleaned(std::string_view text, const NgramFrequencies& frequencies);

 private:
  struct Match {
    NgramId ngram = 0;
    std::size_t first_word = 0;
    std::size_t words = 0;
  };
  std::size_t next_beginning(std::size_t word) const;
  std::optional<NgramId> ngram_at(std::string_view text, std::size_t word, int length) const;
  std::optional<Match> match_at(std::string_view text, std::size_t word, int length,
                                const NgramFrequencies& frequencies) const;
  std::optional<Match> first_match(std::string_view text, std::size_t from_word,
                                   const NgramFrequencies& frequencies) const;

  const TaskNgrams& tasks_;
  CutLimits limits_;
  std::vector<int> lengths_;
  WordScanner scanner_;
  NgramHasher hasher_;
  std::span<const FoldedWord> words_;  // of the text at hand
};

}  // namespace gpt::dedup
