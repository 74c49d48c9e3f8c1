#include "apps/gpt-bpe-train/merge_words.hpp"

#include <stdexcept>
#include <unordered_map>

namespace gpt::bpe_train {
namespace {

// Words are visited in order, so a repeated word is the last one.
void note_word(std::vector<std::uint32_t>& words, std::uint32_t word) {
  if (words.empty() || words.back() != word) words.push_back(word);
}

}  // namespace

void CorpusWords::add(std::span<const std::uint32_t> ids, std::uint64_t count) {
  if (words_.size() == UINT32_MAX)
    throw std::length_error("more than 2^32 distinct words cannot be trained on");
  words_.push_back({ids_.size(), static_cast<std::int64_t>(count), static_cast<std::uint32_t>(ids.size())});
  ids_.insert(ids_.end(), ids.begin(), ids.end());
}

std::uint64_t CorpusWords::tokens() const {
  std::uint64_t sum = 0;
  for (const Word& word : words_) sum += word.length * static_cast<std::uint64_t>(word.count);
  return sum;
}

std::vector<Candidate> first_candidates(CorpusWords& corpus, PairCounts& counts) {
  std::vector<Candidate> candidates;
  std::unordered_map<Pair, std::size_t> place;
  for (std::uint32_t word = 0; word < corpus.size(); ++word) {
    const auto ids = corpus.ids(word);
    for (std::size_t i = 0; i + 1 < ids.size(); ++i) {
      const Pair pair = pair_of(ids[i], ids[i + 1]);
      const auto [found, is_new] = place.try_emplace(pair, candidates.size());
      if (is_new) candidates.push_back({pair, 0, {}});
      candidates[found->second].count += corpus.count(word);
      note_word(candidates[found->second].words, word);
    }
  }
  for (const Candidate& candidate : candidates) counts.add(candidate.pair, candidate.count);
  return candidates;
}

PairMerger::Change& PairMerger::Changes::operator[](std::uint32_t token) {
  std::uint32_t& slot = slot_of_[token];
  if (slot == kNone) {
    slot = static_cast<std::uint32_t>(tokens_.size());
    tokens_.push_back(token);
    if (changes_.size() < tokens_.size()) changes_.emplace_back();
  }
  return changes_[slot];
}

template <class Visit>
void PairMerger::Changes::take_all(Visit visit) {
  for (std::size_t slot = 0; slot < tokens_.size(); ++slot) {
    visit(tokens_[slot], changes_[slot]);
    slot_of_[tokens_[slot]] = kNone;
    changes_[slot].count = 0;
    changes_[slot].words.clear();
  }
  tokens_.clear();
}

PairMerger::PairMerger(CorpusWords& corpus, PairCounts& counts, std::size_t vocabulary_size)
    : corpus_(corpus),
      counts_(counts),
      before_merged_(vocabulary_size),
      after_merged_(vocabulary_size),
      before_left_(vocabulary_size),
      after_right_(vocabulary_size) {}

void PairMerger::arises_after(std::uint32_t next, std::uint32_t word, std::int64_t count) {
  Change& change = after_merged_[next];
  change.count += count;
  note_word(change.words, word);
}

// The pair (merged, merged) has one place, among the pairs that begin with it.
void PairMerger::arises_before(std::uint32_t previous, std::uint32_t merged, std::uint32_t word,
                               std::int64_t count) {
  if (previous == merged) return arises_after(merged, word, count);
  Change& change = before_merged_[previous];
  change.count += count;
  note_word(change.words, word);
}

// The counts of the merged pair itself stay as they are, as in the trainer this one must agree with; they are
// looked at again only if the pair arises anew.
void PairMerger::merge_word(std::uint32_t word, std::uint32_t left, std::uint32_t right,
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
      // After a merge just before, the pair that vanishes is (merged, left).
      (previous == merged ? after_merged_[left] : before_left_[previous]).count -= count;
      arises_before(previous, merged, word, count);
    }
    ids[kept++] = merged;
    at += 2;
    if (at < ids.size()) {
      after_right_[ids[at]].count -= count;
      arises_after(ids[at], word, count);
    }
  }
  corpus_.shorten(word, kept);
}

std::vector<Candidate> PairMerger::merge(const Candidate& candidate, std::uint32_t merged) {
  const std::uint32_t left = left_of(candidate.pair);
  const std::uint32_t right = right_of(candidate.pair);
  for (const std::uint32_t word : candidate.words) merge_word(word, left, right, merged);

  std::vector<Candidate> arisen;
  const auto vanish = [&](Pair pair, const Change& change) { counts_.add(pair, change.count); };
  const auto arise = [&](Pair pair, const Change& change) {
    const std::int64_t count = counts_.add(pair, change.count);
    if (count > 0 && !change.words.empty()) arisen.push_back({pair, count, change.words});
  };
  before_left_.take_all([&](std::uint32_t x, Change& change) { vanish(pair_of(x, left), change); });
  after_right_.take_all([&](std::uint32_t x, Change& change) { vanish(pair_of(right, x), change); });
  before_merged_.take_all([&](std::uint32_t x, Change& change) { arise(pair_of(x, merged), change); });
  after_merged_.take_all([&](std::uint32_t x, Change& change) { arise(pair_of(merged, x), change); });
  return arisen;
}

}  // namespace gpt::bpe_train
