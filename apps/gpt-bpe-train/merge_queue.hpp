#pragma once

#include <algorithm>
#include <cstdint>
#include <optional>
#include <utility>
#include <vector>

#include "apps/gpt-bpe-train/pair_counts.hpp"

namespace gpt::bpe_train {

// A pair that may be merged next, and the words in which it arose, by index.
struct Candidate {
  Pair pair = 0;
  std::int64_t count = 0;  // when it was pushed; the true one may be lower by now
  std::vector<std::uint32_t> words;
};

// Candidates by count, highest first, then by pair, lowest first.
class MergeQueue {
 public:
  void push(Candidate candidate) {
    heap_.push_back(std::move(candidate));
    std::push_heap(heap_.begin(), heap_.end(), goes_later);
  }

  // For many at once before the first pop.
  void push_all(std::vector<Candidate> candidates) {
    heap_ = std::move(candidates);
    std::make_heap(heap_.begin(), heap_.end(), goes_later);
  }

  std::optional<Candidate> pop() {
    if (heap_.empty()) return std::nullopt;
    std::pop_heap(heap_.begin(), heap_.end(), goes_later);
    Candidate first = std::move(heap_.back());
    heap_.pop_back();
    return first;
  }

 private:
  static bool goes_later(const Candidate& a, const Candidate& b) {
    return a.count != b.count ? a.count < b.count : a.pair > b.pair;
  }

  std::vector<Candidate> heap_;
};

}  // namespace gpt::bpe_train
