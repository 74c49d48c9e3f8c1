#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

#include "libgpt/comm/collective_sink.hpp"
#include "libgpt/schedule/timeline.hpp"
#include "libgpt/tensor/device.hpp"
#include "libgpt/train/span.hpp"
#include "libgpt/train/step_breakdown.hpp"

namespace gpt::train {

// Records what a rank does, by the clock of the host, or, in a process with a device, by when the device did
// it: the executor tells it the actions of the pipeline and the waits, timed communicators the messages, the
// step loop everything else. Used from one thread.
class StepProfile : public schedule::Timeline, public comm::CollectiveSink {
 public:
  using Clock = std::chrono::steady_clock;

  // Spans kept for a trace: 4 MB a rank, and some 5 MB of trace file. Later steps count in the breakdown
  // only.
  static constexpr std::size_t kTraceSpans = 50'000;

  // origin: the same moment on all ranks (just after a barrier).
  explicit StepProfile(Clock::time_point origin = Clock::now(), std::size_t trace_spans = kTraceSpans)
      : origin_(origin), trace_spans_(trace_spans) {}

  // iteration counts from 1. predicted_bubble: cost::pipeline_bubble of the step. A step that was begun and
  // not ended is forgotten.
  void begin_step(std::int64_t iteration, double predicted_bubble);
  void end_step();

  // A stretch of time in or between steps; must not overlap others. See ProfileScope.
  using Mark = std::shared_ptr<const tensor::DeviceMark>;
  void add(SpanKind kind, Clock::time_point start, Clock::time_point end, const Mark& device_start = nullptr,
           const Mark& device_end = nullptr);
  // Now, in the order of the device's work; none between steps or without a device.
  Mark mark() const;

  void on_event(const schedule::TimelineEvent& event) override;
  void completed(const comm::CollectiveRecord& record) override;

  // Of all steps but the first, which finds memory and caches cold, unless there is no other.
  const StepBreakdown& breakdown() const { return later_.steps > 0 ? later_ : first_; }
  double mean_predicted_bubble() const;
  std::int64_t first_iteration() const { return first_iteration_; }  // of the breakdown
  std::int64_t last_iteration() const { return last_iteration_; }

  // Whole steps from the first, and what was between them; in the order in which they ended.
  const std::vector<Span>& trace() const { return trace_; }
  std::int64_t traced_steps() const { return traced_steps_; }

 private:
  std::int64_t since_origin(Clock::time_point moment) const {
    return std::chrono::duration_cast<std::chrono::nanoseconds>(moment - origin_).count();
  }
  void keep_for_trace(const std::vector<Span>& spans);
  void add_to_step(const Span& span, const Mark& device_start, const Mark& device_end);
  void wait_for_device();
  void place_by_device();

  Clock::time_point origin_;
  std::size_t trace_spans_;
  bool trace_full_ = false;
  std::optional<Span> step_;      // under way
  std::vector<Span> step_spans_;  // its parts
  // Which of them the device did when.
  struct OnDevice {
    std::size_t span;
    Mark start, end;
    Mark wait_start = nullptr, wait_end = nullptr;  // of a message that was waited for
  };
  std::vector<OnDevice> on_device_;
  Mark step_mark_;
  double step_bubble_ = 0;
  StepBreakdown first_, later_;
  double first_bubble_ = 0, later_bubbles_ = 0;
  std::int64_t first_iteration_ = 0, last_iteration_ = 0;
  std::vector<Span> trace_;
  std::int64_t traced_steps_ = 0;
};

// Records the time of its scope; does nothing without a profile.
class ProfileScope {
 public:
  ProfileScope(StepProfile* profile, SpanKind kind) : profile_(profile), kind_(kind) {
    if (profile_ == nullptr) return;
    start_ = StepProfile::Clock::now();
    device_start_ = profile_->mark();
  }
  ~ProfileScope() {
    if (profile_ != nullptr)
      profile_->add(kind_, start_, StepProfile::Clock::now(), device_start_, profile_->mark());
  }
  ProfileScope(const ProfileScope&) = delete;
  ProfileScope& operator=(const ProfileScope&) = delete;

 private:
  StepProfile* profile_;
  SpanKind kind_;
  StepProfile::Clock::time_point start_;
  StepProfile::Mark device_start_;
};

}  // namespace gpt::train
