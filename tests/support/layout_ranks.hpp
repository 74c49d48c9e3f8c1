#pragma once

#include <memory>
#include <vector>

#include "libgpt/comm/parallel_groups.hpp"
#include "tests/support/thread_communicator.hpp"

namespace gpt::test {

// The groups of all ranks of a layout, for ranks that are threads of one process.
class LayoutRanks {
 public:
  explicit LayoutRanks(const cost::Layout& layout) {
    const cost::RankGroups groups = cost::rank_groups(layout);
    of_rank_.resize(static_cast<std::size_t>(layout.processes()));
    std::vector<std::int64_t> all;
    for (std::int64_t rank = 0; rank < layout.processes(); ++rank) {
      all.push_back(rank);
      of_rank_[static_cast<std::size_t>(rank)].layout = layout;
      of_rank_[static_cast<std::size_t>(rank)].place = cost::rank_place(layout, rank);
    }
    add("world", all, &comm::ParallelGroups::world);
    for (const auto& ranks : groups.tensor) add("tensor", ranks, &comm::ParallelGroups::tensor);
    for (const auto& ranks : groups.data) add("data", ranks, &comm::ParallelGroups::data);
    for (const auto& ranks : groups.pipeline) {
      add("pipeline", ranks, &comm::ParallelGroups::pipeline);
      for (const auto rank : ranks) add("embedding", {rank}, &comm::ParallelGroups::embedding);
      if (ranks.size() > 1) add("embedding", {ranks.front(), ranks.back()}, &comm::ParallelGroups::embedding);
    }
  }

  const comm::ParallelGroups& of(int rank) const { return of_rank_.at(static_cast<std::size_t>(rank)); }
  int size() const { return static_cast<int>(of_rank_.size()); }
  void abort() {
    for (const auto& group : groups_) group->abort();
  }

 private:
  void add(const char* name, const std::vector<std::int64_t>& ranks,
           comm::Communicator* comm::ParallelGroups::*which) {
    groups_.push_back(std::make_unique<ThreadGroup>(static_cast<int>(ranks.size()), name));
    for (std::size_t i = 0; i < ranks.size(); ++i)
      of_rank_[static_cast<std::size_t>(ranks[i])].*which = &groups_.back()->rank(static_cast<int>(i));
  }

  std::vector<std::unique_ptr<ThreadGroup>> groups_;
  std::vector<comm::ParallelGroups> of_rank_;
};

// Runs a body as each rank of a layout, as run_ranks does.
inline void run_layout(const cost::Layout& layout,
                       const std::function<void(const comm::ParallelGroups&)>& body) {
  LayoutRanks ranks(layout);
  std::mutex mutex;
  std::exception_ptr first;
  std::vector<std::thread> threads;
  for (int rank = 0; rank < ranks.size(); ++rank) {
    threads.emplace_back([&, rank] {
      try {
        body(ranks.of(rank));
      } catch (...) {
        const std::lock_guard lock(mutex);
        if (!first) first = std::current_exception();
        ranks.abort();
      }
    });
  }
  for (auto& thread : threads) thread.join();
  if (first) std::rethrow_exception(first);
}

}  // namespace gpt::test
