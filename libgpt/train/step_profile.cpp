#include "libgpt/train/step_profile.hpp"

#include <algorithm>

namespace gpt::train {

void StepProfile::begin_step(std::int64_t iteration, double predicted_bubble) {
  wait_for_device();
  step_ = Span{};
  step_->number = iteration;
  step_->start = since_origin(Clock::now());
  step_bubble_ = predicted_bubble;
  step_spans_.clear();
  on_device_.clear();
  step_mark_ = mark();
}

void StepProfile::wait_for_device() {
  if (tensor::has_device()) tensor::device().synchronise();
}

StepProfile::Mark StepProfile::mark() const {
  if (!step_ || !tensor::has_device()) return nullptr;
  return tensor::device().mark();
}

// The device was idle when the step began, so its marks since then can be set on the host's clock.
void StepProfile::place_by_device() {
  const auto placed = [&](const Mark& mark) {
    return step_->start + static_cast<std::int64_t>(1e9 * mark->seconds_since(*step_mark_));
  };
  for (const OnDevice& done : on_device_) {
    Span& span = step_spans_[done.span];
    span.start = placed(done.start);
    span.end = placed(done.end);
    if (span.kind == SpanKind::message)
      span.blocked = done.wait_start ? placed(done.wait_end) - placed(done.wait_start) : 0;
  }
  if (on_device_.empty()) return;
  std::stable_sort(step_spans_.begin(), step_spans_.end(),
                   [](const Span& a, const Span& b) { return a.end < b.end; });
}

void StepProfile::end_step() {
  if (!step_) return;
  wait_for_device();
  place_by_device();
  step_->end = since_origin(Clock::now());
  const StepBreakdown breakdown = break_down(step_->length(), step_spans_);
  if (first_.steps == 0) {
    first_ = breakdown;
    first_bubble_ = step_bubble_;
    first_iteration_ = step_->number;
  } else {
    if (later_.steps == 0) first_iteration_ = step_->number;
    later_.add(breakdown);
    later_bubbles_ += step_bubble_;
  }
  last_iteration_ = step_->number;
  step_spans_.push_back(*step_);
  step_.reset();
  keep_for_trace(step_spans_);
  if (!trace_full_) ++traced_steps_;
  step_spans_.clear();
}

double StepProfile::mean_predicted_bubble() const {
  return later_.steps > 0 ? later_bubbles_ / static_cast<double>(later_.steps) : first_bubble_;
}

void StepProfile::keep_for_trace(const std::vector<Span>& spans) {
  trace_full_ = trace_full_ || trace_.size() + spans.size() > trace_spans_;
  if (!trace_full_) trace_.insert(trace_.end(), spans.begin(), spans.end());
}

void StepProfile::add_to_step(const Span& span, const Mark& device_start, const Mark& device_end) {
  if (device_start && device_end) on_device_.push_back({step_spans_.size(), device_start, device_end});
  step_spans_.push_back(span);
}

void StepProfile::add(SpanKind kind, Clock::time_point start, Clock::time_point end, const Mark& device_start,
                      const Mark& device_end) {
  Span span;
  span.kind = kind;
  span.start = since_origin(start);
  span.end = since_origin(end);
  if (step_) {
    add_to_step(span, device_start, device_end);
  } else {
    keep_for_trace({span});
  }
}

void StepProfile::on_event(const schedule::TimelineEvent& event) {
  if (!step_) return;
  Span span;
  span.kind = event.activity == schedule::Activity::wait      ? SpanKind::wait
              : event.activity == schedule::Activity::forward ? SpanKind::forward
                                                              : SpanKind::backward;
  span.number = event.action.micro_batch;
  span.chunk = event.action.chunk;
  span.start = since_origin(event.start);
  span.end = since_origin(event.end);
  add_to_step(span, event.device_start, event.device_end);
}

void StepProfile::completed(const comm::CollectiveRecord& record) {
  if (!step_ || record.group_size == 1) return;
  Span span;
  span.kind = SpanKind::message;
  span.operation = record.operation;
  span.group = GroupName(record.group);
  span.start = since_origin(record.started);
  span.end = since_origin(record.finished);
  span.blocked = std::chrono::duration_cast<std::chrono::nanoseconds>(record.blocked).count();
  span.bytes = static_cast<std::int64_t>(record.bytes);
  if (record.device && step_mark_) {
    const comm::DeviceTimes& times = *record.device;
    on_device_.push_back(
        {step_spans_.size(), times.started, times.finished, times.wait_began, times.wait_ended});
  }
  step_spans_.push_back(span);
}

}  // namespace gpt::train
