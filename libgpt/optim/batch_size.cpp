#include "libgpt/optim/batch_size.hpp"

#include <algorithm>

namespace gpt::optim {
namespace {

std::string text_of(const BatchSize::Rampup& r) {
  return "--rampup-batch-size " + std::to_string(r.start) + " " + std::to_string(r.increment) + " " +
         std::to_string(r.samples);
}

}  // namespace

BatchSize::BatchSize(std::int64_t full, const std::optional<Rampup>& rampup, std::int64_t multiple)
    : full_(full), rampup_(rampup) {
  if (!rampup_) return;
  const Rampup& r = *rampup_;
  const auto refuse = [&](const std::string& why) { throw std::invalid_argument(text_of(r) + ": " + why); };
  if (r.start <= 0 || r.increment <= 0 || r.samples < 0) {
    refuse("start and increment must be positive, and the samples not negative");
  }
  if (r.start > full) refuse("it starts above --global-batch-size " + std::to_string(full));
  if ((full - r.start) % r.increment != 0) {
    refuse("steps of " + std::to_string(r.increment) + " do not lead from " + std::to_string(r.start) +
           " to --global-batch-size " + std::to_string(full) + "; an increment that divides " +
           std::to_string(full - r.start) + " would");
  }
  if (r.start % multiple != 0 || (full > r.start && r.increment % multiple != 0)) {
    refuse("every batch size on the way must be a multiple of " + std::to_string(multiple) +
           ", the micro batch size times the data-parallel ranks; start and increment are not both");
  }
}

std::int64_t BatchSize::at(std::int64_t consumed_samples) const {
  if (!rampup_ || rampup_->start == full_ || consumed_samples > rampup_->samples) return full_;
  const std::int64_t increments = (full_ - rampup_->start) / rampup_->increment;
  const double distance = static_cast<double>(rampup_->samples) / static_cast<double>(increments);
  // An empty ramp has no distance between its sizes.
  const std::int64_t made =
      distance > 0 ? static_cast<std::int64_t>(static_cast<double>(consumed_samples) / distance) : 0;
  return std::min(full_, rampup_->start + made * rampup_->increment);
}

std::int64_t BatchSize::steps_over(std::int64_t samples) const {
  std::int64_t steps = 0, consumed = 0;
  while (rampup_ && consumed <= rampup_->samples && consumed + at(consumed) <= samples) {
    consumed += at(consumed);
    ++steps;
  }
  return steps + (samples - consumed) / full_;
}

std::int64_t BatchSize::consumed_after(std::int64_t consumed, std::int64_t steps) const {
  for (; steps > 0 && rampup_ && consumed <= rampup_->samples; --steps) consumed += at(consumed);
  return consumed + steps * full_;
}

}  // namespace gpt::optim
