#include "apps/gpt-bpe-train/learn/merge_words.hpp"

#include <stdexcept>
#include <string>

namespace gpt::bpe_train {
namespace {

// Words are fetched this many before they are merged: merging one takes a fraction of a miss.
constexpr std::size_t kAhead = 12;

}  // namespace

void CorpusWords::add_or_throw(std::span<const std::uint32_t> ids, std::uint64_t count) {
  if (ids.size() > most_cells_ || cells_.size() + kHeader + ids.size() > most_cells_) {
    throw std::length_error(
        "the distinct words need more than " + std::to_string(most_cells_ * sizeof(std::uint32_t) >> 20) +
        " MiB, more than can be trained on: leave rare words out (--memory), or take a sample (--sample)");
  }
  // Every count of pairs is at most this one, so that none overflows.
  std::uint64_t tokens;
  if (__builtin_mul_overflow(ids.size(), count, &tokens) ||
      __builtin_add_overflow(tokens_, tokens, &tokens_) || tokens_ > INT64_MAX) {
    throw std::length_error("the words have more than 2^63 bytes by their counts, more than can be counted");
  }
  cells_.push_back(static_cast<std::uint32_t>(count >> 32));
  cells_.push_back(static_cast<std::uint32_t>(count));
  cells_.push_back(static_cast<std::uint32_t>(ids.size()));
  cells_.insert(cells_.end(), ids.begin(), ids.end());
}

std::vector<std::uint64_t> CorpusWords::token_counts(std::size_t vocabulary_size) const {
  std::vector<std::uint64_t> counts(vocabulary_size);
  for_each([&](Word word) {
    for (const std::uint32_t id : ids(word)) counts[id] += static_cast<std::uint64_t>(count(word));
  });
  return counts;
}

namespace {

// A pair of the words as they were counted, and the words that hold it.
struct FirstPair {
  Pair pair;
  std::int64_t count = 0;
  std::uint32_t words = 0;
  CorpusWords::Word last_word = UINT32_MAX;  // no word begins there
  std::uint32_t* list = nullptr;
};

// Calls visit(pair, word) for every pair of neighbours of every word.
template <class Visit>
void for_each_pair(const CorpusWords& corpus, Visit visit) {
  corpus.for_each([&](CorpusWords::Word word) {
    const auto ids = corpus.ids(word);
    for (std::size_t i = 0; i + 1 < ids.size(); ++i) visit(pair_of(ids[i], ids[i + 1]), word);
  });
}

std::vector<FirstPair> count_pairs(const CorpusWords& corpus, PairTable<std::uint32_t>& places) {
  std::vector<FirstPair> pairs;
  for_each_pair(corpus, [&](Pair pair, CorpusWords::Word word) {
    std::uint32_t& place = places[pair];
    if (place == 0) {
      pairs.push_back({pair});
      place = static_cast<std::uint32_t>(pairs.size());
    }
    FirstPair& first = pairs[place - 1];
    first.count += corpus.count(word);
    if (first.last_word != word) ++first.words;
    first.last_word = word;
  });
  return pairs;
}

}  // namespace

std::vector<Candidate> first_candidates(const CorpusWords& corpus, PairCounts& counts, WordLists& lists) {
  PairTable<std::uint32_t> places;  // in pairs, from 1
  std::vector<FirstPair> pairs = count_pairs(corpus, places);
  std::vector<Candidate> candidates;
  for (FirstPair& first : pairs) {
    counts[first.pair] = first.count;
    first.list = lists.allocate(first.words);
    first.last_word = UINT32_MAX;
    candidates.push_back({first.pair, first.count, {first.list, first.words}});
  }
  for_each_pair(corpus, [&](Pair pair, CorpusWords::Word word) {
    FirstPair& first = pairs[places[pair] - 1];
    if (first.last_word != word) *first.list++ = word;
    first.last_word = word;
  });
  return candidates;
}

std::uint32_t PairMerger::Changes::slot_of(std::uint32_t token) {
  if (token >= slot_of_.size())
    slot_of_.resize(std::max<std::size_t>(token + std::size_t{1}, 2 * slot_of_.size()), kNone);
  std::uint32_t& slot = slot_of_[token];
  if (slot == kNone) {
    slot = static_cast<std::uint32_t>(changes_.size());
    changes_.push_back({token, 0, 0, kNone, nullptr});
  }
  return slot;
}

void PairMerger::Changes::arises(std::uint32_t token, CorpusWords::Word word, std::int64_t count) {
  const std::uint32_t slot = slot_of(token);
  Change& change = changes_[slot];
  change.count += count;
  if (change.last_word == word) return;
  change.last_word = word;
  ++change.words;
  arisen_.push_back({slot, word});
}

template <class Visit>
void PairMerger::Changes::take_all(WordLists& lists, Visit visit) {
  for (Change& change : changes_) {
    if (change.words != 0) change.list = lists.allocate(change.words);
  }
  for (const Arisen& arisen : arisen_) *changes_[arisen.slot].list++ = arisen.word;
  for (const Change& change : changes_) {
    visit(change.token, change.count,
          std::span<const std::uint32_t>(change.list - change.words, change.words));
    slot_of_[change.token] = kNone;
  }
  changes_.clear();
  arisen_.clear();
}

PairMerger::PairMerger(CorpusWords& corpus, PairCounts& counts, WordLists& lists)
    : corpus_(corpus), counts_(counts), lists_(lists) {}

// The counts of the merged pair itself stay as they are, as in the trainer this one must agree with; they are
// looked at again only if the pair arises anew. The pair (merged, merged) has one place, among the pairs that
// begin with it.
void PairMerger::merge_word(CorpusWords::Word word, std::uint32_t left, std::uint32_t right,
                            std::uint32_t merged) {
  const auto ids = corpus_.ids(word);
  const std::int64_t count = corpus_.count(word);
  std::size_t kept = 0;
  for (std::size_t at = 0; at < ids.size();) {
    if (ids[at] != left || at + 1 == ids.size() || ids[at + 1] != right) {
      ids[kept++] = ids[at++];
      continue;
    }
    if (kept > 0) {
      const std::uint32_t previous = ids[kept - 1];
      if (previous == merged) {  // after a merge just before, the pair that vanishes is (merged, left)
        after_merged_.vanishes(left, count);
        after_merged_.arises(merged, word, count);
      } else {
        before_left_.vanishes(previous, count);
        before_merged_.arises(previous, word, count);
      }
    }
    ids[kept++] = merged;
    at += 2;
    if (at < ids.size()) {
      after_right_.vanishes(ids[at], count);
      after_merged_.arises(ids[at], word, count);
    }
  }
  corpus_.shorten(word, kept);
}

const std::vector<Candidate>& PairMerger::merge(const Candidate& candidate, std::uint32_t merged) {
  const std::uint32_t left = left_of(candidate.pair);
  const std::uint32_t right = right_of(candidate.pair);
  const auto words = candidate.words;
  for (std::size_t i = 0; i < words.size(); ++i) {
    if (i + kAhead < words.size()) corpus_.prefetch(words[i + kAhead]);
    merge_word(words[i], left, right, merged);
  }
  lists_.release(words.data(), words.size());

  // Where the counts lie is sent for first: there are too many for the caches.
  before_left_.for_each_token([&](std::uint32_t x) { counts_.prefetch(pair_of(x, left)); });
  after_right_.for_each_token([&](std::uint32_t x) { counts_.prefetch(pair_of(right, x)); });
  before_merged_.for_each_token([&](std::uint32_t x) { counts_.prefetch(pair_of(x, merged)); });
  after_merged_.for_each_token([&](std::uint32_t x) { counts_.prefetch(pair_of(merged, x)); });
  candidates_.clear();
  const auto vanish = [&](Pair pair, std::int64_t change) { counts_[pair] += change; };
  const auto arise = [&](Pair pair, std::int64_t change, std::span<const std::uint32_t> in) {
    const std::int64_t count = counts_[pair] += change;
    if (count > 0 && !in.empty()) candidates_.push_back({pair, count, in});
  };
  before_left_.take_all(
      lists_, [&](std::uint32_t x, std::int64_t change, auto) { vanish(pair_of(x, left), change); });
  after_right_.take_all(
      lists_, [&](std::uint32_t x, std::int64_t change, auto) { vanish(pair_of(right, x), change); });
  before_merged_.take_all(
      lists_, [&](std::uint32_t x, std::int64_t change, auto in) { arise(pair_of(x, merged), change, in); });
  after_merged_.take_all(
      lists_, [&](std::uint32_t x, std::int64_t change, auto in) { arise(pair_of(merged, x), change, in); });
  return candidates_;
}

}  // namespace gpt::bpe_train
