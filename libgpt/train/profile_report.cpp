#include "libgpt/train/profile_report.hpp"

#include <algorithm>
#include <functional>
#include <type_traits>
#include <vector>

#include "libgpt/train/profile_text.hpp"

namespace gpt::train {
namespace {

constexpr int kSizeTag = 1, kContentTag = 2;

template <class T>
std::span<const char> bytes_of(std::span<const T> values) {
  static_assert(std::is_trivially_copyable_v<T>);
  return {reinterpret_cast<const char*>(values.data()), values.size_bytes()};
}

// Passes every rank's values to take() on rank 0, rank after rank.
template <class T>
void gather_in_turn(comm::Communicator& world, std::span<const T> mine,
                    const std::function<void(int rank, std::span<const T>)>& take) {
  if (world.rank() != 0) {
    const auto size = static_cast<std::int64_t>(mine.size());
    world.send(std::span<const std::int64_t>(&size, 1), 0, kSizeTag);
    if (size > 0) world.send(bytes_of(mine), 0, kContentTag);
    return;
  }
  take(0, mine);
  for (int rank = 1; rank < world.size(); ++rank) {
    std::int64_t size = 0;
    world.receive(std::span<std::int64_t>(&size, 1), rank, kSizeTag);
    std::vector<T> theirs(static_cast<std::size_t>(size));
    if (size > 0) {
      world.receive(std::span<char>(reinterpret_cast<char*>(theirs.data()), theirs.size() * sizeof(T)), rank,
                    kContentTag);
    }
    take(rank, theirs);
  }
}

// A breakdown as it travels: its totals in every row.
struct BreakdownRow {
  std::int64_t steps = 0, total = 0, useful = 0;
  TimeCategory category;
  CategoryTime time;
};

std::vector<BreakdownRow> rows_of(const StepBreakdown& breakdown) {
  const BreakdownRow totals{breakdown.steps, breakdown.total, breakdown.useful, {}, {}};
  std::vector<BreakdownRow> rows{totals};  // so that the totals travel without categories as well
  for (const auto& [category, time] : breakdown.categories) {
    rows.push_back(totals);
    rows.back().category = category;
    rows.back().time = time;
  }
  return rows;
}

StepBreakdown breakdown_of(std::span<const BreakdownRow> rows) {
  StepBreakdown breakdown{rows.front().steps, rows.front().total, rows.front().useful, {}};
  for (const BreakdownRow& row : rows.subspan(1)) breakdown.categories[row.category] = row.time;
  return breakdown;
}

// Up to the end of the n-th step.
std::span<const Span> first_steps(std::span<const Span> spans, std::int64_t steps) {
  std::size_t end = 0;
  for (std::size_t i = 0; i < spans.size() && steps > 0; ++i) {
    if (spans[i].kind != SpanKind::step) continue;
    end = i + 1;
    --steps;
  }
  return spans.first(end);
}

void write_trace_or_throw(const StepProfile& profile, const comm::ParallelGroups& groups, TraceFile* file) {
  comm::Communicator& world = *groups.world;
  // Only rank 0 has it, but all must know whether there is one.
  if (world.all_reduced<std::int64_t>(file != nullptr ? 1 : 0, comm::Reduction::max) == 0) return;
  const std::int64_t steps = world.all_reduced(profile.traced_steps(), comm::Reduction::min);
  gather_in_turn<Span>(world, first_steps(profile.trace(), steps),
                       [&](int rank, std::span<const Span> spans) {
                         file->add_rank_or_throw(rank, cost::rank_place(groups.layout, rank), spans);
                       });
  if (file != nullptr) file->commit_or_throw();
}

}  // namespace

std::string report_profile_or_throw(const StepProfile& profile, const comm::ParallelGroups& groups,
                                    TraceFile* trace) {
  std::vector<RankProfile> ranks;
  gather_in_turn<BreakdownRow>(*groups.world, rows_of(profile.breakdown()),
                               [&](int rank, std::span<const BreakdownRow> rows) {
                                 ranks.push_back({cost::rank_place(groups.layout, rank), breakdown_of(rows)});
                               });
  write_trace_or_throw(profile, groups, trace);
  if (groups.world->rank() != 0 || profile.breakdown().steps == 0) return "";
  return profile_text(
      {groups.layout, profile.first_iteration(), profile.last_iteration(), profile.mean_predicted_bubble()},
      ranks);
}

StepProfile::Clock::time_point common_origin(comm::Communicator& world) {
  world.barrier();
  return StepProfile::Clock::now();
}

}  // namespace gpt::train
