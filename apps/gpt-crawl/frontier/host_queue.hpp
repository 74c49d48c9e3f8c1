#pragma once

#include <chrono>
#include <cstdint>
#include <deque>
#include <string>

#include "apps/gpt-crawl/frontier/crawl_state.hpp"

namespace gpt::crawl {

// The addresses of one host that wait, and when the next of them may be asked for: at most so many requests
// at a time, and a delay between the starts of two.
class HostQueue {
 public:
  using Clock = std::chrono::steady_clock;

  HostQueue(std::string name, std::chrono::duration<double> delay, int connections)
      : name_(std::move(name)), delay_(delay), connections_(connections) {}

  const std::string& name() const { return name_; }

  // The address whose turn it is; null when none waits. It stays in front until pop().
  const QueuedUrl* front(CrawlState& state);
  void pop() { ready_.pop_front(); }
  // An address of this host was added to the state.
  void note_addition() { may_have_more_ = true; }
  // Forgets what waits; the state has finished it.
  void clear();

  bool may_start(Clock::time_point now) const { return in_flight_ < connections_ && now >= next_start_; }
  // When a request may start as far as the delay goes; the end of time while all connections are in use.
  Clock::time_point next_start() const {
    return in_flight_ < connections_ ? next_start_ : Clock::time_point::max();
  }
  void note_start(Clock::time_point now);
  void note_end() { --in_flight_; }
  // A robots.txt asks for more distance; less is not granted.
  void ask_delay(std::chrono::duration<double> delay);

  // Requests that failed one after the other without any answer.
  int failures_in_row = 0;

 private:
  std::string name_;
  std::chrono::duration<double> delay_;
  int connections_;
  int in_flight_ = 0;
  Clock::time_point last_start_ = Clock::time_point::min();
  Clock::time_point next_start_ = Clock::time_point::min();
  std::deque<QueuedUrl> ready_;
  std::int64_t last_id_ = 0;
  bool may_have_more_ = true;
};

}  // namespace gpt::crawl
