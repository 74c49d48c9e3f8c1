#include "apps/gpt-clean/rules/ngrams.hpp"

#include <cstdint>
#include <vector>

namespace gpt::clean {
namespace {

constexpr const char* kGopher = "Rae et al. 2021 (Gopher), table A1";
constexpr std::uint64_t kBase = 0xD6E8FEB86659FD93;  // odd, so that no bit of a word's hash is lost

// The hash of each run of n words, kept while a window slides over them: a polynomial in kBase.
class NgramWindow {
 public:
  NgramWindow(const std::vector<Word>& words, std::size_t n) : words_(words), n_(n) {
    for (std::size_t i = 1; i < n; ++i) leading_ *= kBase;
    move_to(0);
  }

  std::size_t at() const { return at_; }
  bool is_at_end() const { return at_ + n_ > words_.size(); }
  std::uint64_t hash() const { return hash_; }

  void step() {
    if (at_ + n_ < words_.size())
      hash_ = (hash_ - words_[at_].hash * leading_) * kBase + words_[at_ + n_].hash;
    ++at_;
  }

  void move_to(std::size_t at) {
    at_ = at;
    hash_ = 0;
    if (is_at_end()) return;
    for (std::size_t i = 0; i < n_; ++i) hash_ = hash_ * kBase + words_[at_ + i].hash;
  }

 private:
  const std::vector<Word>& words_;
  std::size_t n_;
  std::uint64_t leading_ = 1;
  std::uint64_t hash_ = 0;
  std::size_t at_ = 0;
};

std::size_t characters_of(const std::vector<Word>& words, std::size_t first, std::size_t n) {
  std::size_t characters = 0;
  for (std::size_t i = first; i < first + n; ++i) characters += words[i].characters;
  return characters;
}

// From so many words on a sketch is made first, so that tables hold few of the runs that stand there once.
constexpr std::size_t kManyWords = std::size_t{1} << 20;

// Which runs of n words may stand there more than once: of few words any.
class RepeatedRuns {
 public:
  RepeatedRuns(const std::vector<Word>& words, std::size_t n) {
    if (words.size() < kManyWords) return;
    sketch_.emplace(words.size());
    for (NgramWindow window(words, n); !window.is_at_end(); window.step()) sketch_->add(window.hash());
  }
  bool may_hold(std::uint64_t hash) const { return !sketch_ || sketch_->may_repeat(hash); }

 private:
  std::optional<RepetitionSketch> sketch_;
};

// Of runs that stand there equally often the first. Where none stands there twice, some run or none.
HashCounts::Entry most_frequent(const std::vector<Word>& words, std::size_t n, HashCounts& counts) {
  HashCounts::Entry best;
  const RepeatedRuns repeated(words, n);
  counts.begin(words.size());
  for (NgramWindow window(words, n); !window.is_at_end(); window.step()) {
    if (!repeated.may_hold(window.hash())) continue;
    const HashCounts::Entry& entry = counts.add(window.hash(), window.at());
    if (entry.count > best.count || (entry.count == best.count && entry.first < best.first)) best = entry;
  }
  return best;
}

std::optional<double> top_share(WorkingDocument& document, std::size_t n) {
  const auto& words = document.tables().words();
  if (words.size() < n) return std::nullopt;
  if (document.ngrams_differ(n)) return 0.0;
  const HashCounts::Entry best = most_frequent(words, n, document.hash_counts());
  if (best.count < 2) {
    document.note_ngrams_differ(n);
    return 0.0;
  }
  const std::size_t characters = characters_of(words, best.first, n) + n - 1;
  return ratio(characters * best.count, document.characters());
}

// Characters in runs of n words that stood there before, none of which share words.
std::size_t repeated_characters(const std::vector<Word>& words, std::size_t n, HashSet& seen) {
  std::size_t characters = 0;
  const RepeatedRuns repeated(words, n);
  seen.begin(words.size());
  for (NgramWindow window(words, n); !window.is_at_end();) {
    if (!repeated.may_hold(window.hash()) || seen.insert(window.hash())) {
      window.step();
    } else {
      characters += characters_of(words, window.at(), n);
      window.move_to(window.at() + n);
    }
  }
  return characters;
}

std::optional<double> duplicate_share(WorkingDocument& document, std::size_t n) {
  const auto& words = document.tables().words();
  if (words.size() < n) return std::nullopt;
  if (document.ngrams_differ(n)) return 0.0;
  const std::size_t characters = repeated_characters(words, n, document.hash_set());
  if (characters == 0) document.note_ngrams_differ(n);
  return ratio(characters, document.characters());
}

// Published for n from 2 to 4 and from 5 to 10.
const char* published_top_share(std::size_t n) { return n == 2 ? "0.2" : n == 3 ? "0.18" : "0.16"; }

const char* published_duplicate_share(std::size_t n) {
  constexpr const char* kShares[] = {"0.15", "0.14", "0.13", "0.12", "0.11", "0.1"};
  return kShares[n - 5];
}

}  // namespace

RuleKind top_ngrams_kind(std::size_t n) {
  const std::string number = std::to_string(n);
  return measure_kind(
      {.name = "top-" + number + "-grams",
       .summary = "Drops documents of which too much is the most frequent run of " + number + " words",
       .source = kGopher,
       .max = published_top_share(n)},
      [n](WorkingDocument& document) { return top_share(document, n); });
}

RuleKind duplicate_ngrams_kind(std::size_t n) {
  const std::string number = std::to_string(n);
  return measure_kind({.name = "duplicate-" + number + "-grams",
                       .summary = "Drops documents of which too much is runs of " + number +
                                  " words that have stood there before",
                       .source = kGopher,
                       .max = published_duplicate_share(n)},
                      [n](WorkingDocument& document) { return duplicate_share(document, n); });
}

}  // namespace gpt::clean
