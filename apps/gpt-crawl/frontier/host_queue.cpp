#include "apps/gpt-crawl/frontier/host_queue.hpp"

#include <algorithm>

namespace gpt::crawl {
namespace {

// Addresses taken from the state at a time.
constexpr int kRefill = 64;

}  // namespace

const QueuedUrl* HostQueue::front(CrawlState& state) {
  if (ready_.empty() && may_have_more_) {
    for (auto& item : state.waiting_of_host(name_, last_id_, kRefill)) ready_.push_back(std::move(item));
    if (!ready_.empty()) last_id_ = ready_.back().id;
    may_have_more_ = !ready_.empty();
  }
  return ready_.empty() ? nullptr : &ready_.front();
}

void HostQueue::clear() {
  ready_.clear();
  may_have_more_ = false;
}

void HostQueue::note_start(Clock::time_point now) {
  ++in_flight_;
  last_start_ = now;
  next_start_ = now + std::chrono::duration_cast<Clock::duration>(delay_);
}

void HostQueue::ask_delay(std::chrono::duration<double> delay) {
  if (delay <= delay_) return;
  delay_ = delay;
  if (last_start_ != Clock::time_point::min())
    next_start_ = last_start_ + std::chrono::duration_cast<Clock::duration>(delay_);
}

}  // namespace gpt::crawl
