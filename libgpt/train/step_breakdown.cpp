#include "libgpt/train/step_breakdown.hpp"

#include <algorithm>
#include <vector>

namespace gpt::train {
namespace {

const GroupName kPipeline("pipeline");

class Breaker {
 public:
  Breaker(std::int64_t step_nanoseconds, std::span<const Span> spans) {
    result_.steps = 1;
    result_.total = step_nanoseconds;
    for (const Span& span : spans)
      if (span.kind != SpanKind::message) work_.push_back(span);
    for (const Span& span : work_) add_work(span);
    for (const Span& span : spans)
      if (span.kind == SpanKind::message) add_message(span);
  }

  StepBreakdown take() { return std::move(result_); }

 private:
  void add_work(const Span& span) {
    CategoryTime& time = result_.categories[{span.kind, {}, {}}];
    time.nanoseconds += span.length();
    ++time.count;
    if (span.kind == SpanKind::forward || span.kind == SpanKind::backward) result_.useful += span.length();
  }

  // The work under way at a moment; none between works.
  const Span* work_at(std::int64_t moment) const {
    const auto after = std::lower_bound(work_.begin(), work_.end(), moment,
                                        [](const Span& span, std::int64_t when) { return span.end < when; });
    return after != work_.end() && after->start <= moment ? &*after : nullptr;
  }

  // Time that a message took from a work; time outside of all works was never counted.
  void take_from(const Span* work, std::int64_t nanoseconds) {
    if (work != nullptr) result_.categories[{work->kind, {}, {}}].nanoseconds -= nanoseconds;
  }

  void add_message(const Span& message) {
    const Span* last = work_at(message.end);
    if (last != nullptr && last->kind == SpanKind::wait && message.group == kPipeline) return;
    CategoryTime& time = result_.categories[{SpanKind::message, message.operation, message.group}];
    time.nanoseconds += message.blocked;
    time.hidden += message.length() - message.blocked;
    time.bytes += message.bytes;
    ++time.count;
    // Where it ended most of it blocked, as far as that has room; the rest in calls made now and then before.
    const std::int64_t within =
        last == nullptr ? 0 : std::min(message.blocked, message.end - std::max(message.start, last->start));
    take_from(last, within);
    if (within < message.blocked) take_from_before(message, last, message.blocked - within);
  }

  // Takes time from the works that a message passed on its way, by their share of it. Within a wait nothing
  // but the message waited for is looked at.
  void take_from_before(const Span& message, const Span* last, std::int64_t nanoseconds) {
    const auto first = std::lower_bound(work_.begin(), work_.end(), message.start,
                                        [](const Span& span, std::int64_t when) { return span.end <= when; });
    const auto shared = [&](const Span& span) {
      if (&span == last || span.kind == SpanKind::wait) return std::int64_t{0};
      return std::min(span.end, message.end) - std::max(span.start, message.start);
    };
    std::int64_t all = 0;
    for (auto span = first; span != work_.end() && span->start < message.end; ++span) all += shared(*span);
    if (all == 0) return;
    const double part = std::min(1.0, static_cast<double>(nanoseconds) / static_cast<double>(all));
    for (auto span = first; span != work_.end() && span->start < message.end; ++span)
      take_from(&*span, static_cast<std::int64_t>(part * static_cast<double>(shared(*span))));
  }

  std::vector<Span> work_;
  StepBreakdown result_;
};

}  // namespace

std::int64_t StepBreakdown::other() const {
  std::int64_t rest = total;
  for (const auto& [category, time] : categories) rest -= time.nanoseconds;
  return rest;
}

void StepBreakdown::add(const StepBreakdown& more) {
  steps += more.steps;
  total += more.total;
  useful += more.useful;
  for (const auto& [category, time] : more.categories) {
    CategoryTime& sum = categories[category];
    sum.nanoseconds += time.nanoseconds;
    sum.hidden += time.hidden;
    sum.bytes += time.bytes;
    sum.count += time.count;
  }
}

StepBreakdown break_down(std::int64_t step_nanoseconds, std::span<const Span> spans) {
  return Breaker(step_nanoseconds, spans).take();
}

}  // namespace gpt::train
