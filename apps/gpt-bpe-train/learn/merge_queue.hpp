#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <utility>
#include <vector>

#include "apps/gpt-bpe-train/learn/pair_counts.hpp"

namespace gpt::bpe_train {

// A pair that may be merged next, and the words in which it arose (CorpusWords).
struct Candidate {
  Pair pair = 0;
  std::int64_t count = 0;  // when it was pushed; the true one may be lower by now
  std::span<const std::uint32_t> words;
};

// Candidates by count, highest first, then by pair, lowest first. Most of them are rare and never reached:
// below a count they wait unsorted, by count, until the queue comes down to it.
class MergeQueue {
 public:
  // count: at least 1.
  void push(const Candidate& candidate) {
    if (candidate.count < floor_) {
      waiting_[static_cast<std::size_t>(candidate.count)].push_back(candidate);
      return;
    }
    heap_.push_back(candidate);
    std::push_heap(heap_.begin(), heap_.end(), goes_later);
  }

  std::optional<Candidate> pop() {
    while (heap_.empty()) {
      if (floor_ == 1) return std::nullopt;
      heap_ = std::exchange(waiting_[static_cast<std::size_t>(--floor_)], {});
      std::make_heap(heap_.begin(), heap_.end(), goes_later);
    }
    std::pop_heap(heap_.begin(), heap_.end(), goes_later);
    const Candidate first = heap_.back();
    heap_.pop_back();
    return first;
  }

 private:
  static constexpr std::size_t kWaiting = 1024;

  static bool goes_later(const Candidate& a, const Candidate& b) {
    return a.count != b.count ? a.count < b.count : a.pair > b.pair;
  }

  std::vector<Candidate> heap_;  // counts from floor_ on
  std::int64_t floor_ = kWaiting;
  std::array<std::vector<Candidate>, kWaiting> waiting_;  // by count
};

}  // namespace gpt::bpe_train
