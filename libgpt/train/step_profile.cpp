#include "libgpt/train/step_profile.hpp"

namespace gpt::train {

void StepProfile::begin_step(std::int64_t iteration, double predicted_bubble) {
  step_ = Span{};
  step_->number = iteration;
  step_->start = since_origin(Clock::now());
  step_bubble_ = predicted_bubble;
  step_spans_.clear();
}

void StepProfile::end_step() {
  if (!step_) return;
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

void StepProfile::add(SpanKind kind, Clock::time_point start, Clock::time_point end) {
  Span span;
  span.kind = kind;
  span.start = since_origin(start);
  span.end = since_origin(end);
  if (step_) {
    step_spans_.push_back(span);
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
  step_spans_.push_back(span);
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
  step_spans_.push_back(span);
}

}  // namespace gpt::train
