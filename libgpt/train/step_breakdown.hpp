#pragma once

#include <compare>
#include <cstdint>
#include <map>
#include <span>

#include "libgpt/train/span.hpp"

namespace gpt::train {

// A line of a step's breakdown: a kind of span, and of messages the group and operation.
struct TimeCategory {
  SpanKind kind = SpanKind::step;
  comm::Operation operation = comm::Operation::barrier;
  GroupName group;
  friend auto operator<=>(const TimeCategory&, const TimeCategory&) = default;
};

struct CategoryTime {
  std::int64_t nanoseconds = 0;  // of the rank's own time, counted in no other category
  std::int64_t hidden = 0;       // of messages: what passed while the rank did something else
  std::int64_t bytes = 0;
  std::int64_t count = 0;
};

// Where the time of one or more steps went. The categories and other() add up to total.
struct StepBreakdown {
  std::int64_t steps = 0;
  std::int64_t total = 0;   // nanoseconds
  std::int64_t useful = 0;  // forward and backward with the messages within them
  std::map<TimeCategory, CategoryTime> categories;

  std::int64_t other() const;  // what no category has
  void add(const StepBreakdown& more);
};

// In: the spans of one step, in the order in which they ended; those that are not messages do not overlap.
// Messages are taken out of the time of the span in which they block; the pipeline's own within a wait are
// that wait.
StepBreakdown break_down(std::int64_t step_nanoseconds, std::span<const Span> spans);

}  // namespace gpt::train
