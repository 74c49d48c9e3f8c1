#pragma once

#include <chrono>
#include <cstdint>
#include <string>

namespace gpt::log {

enum class ProgressMode {
  automatic,  // a live line on a terminal, else a plain line every 30 seconds
  on,         // as automatic, and a plain line every 5 seconds where stderr is no terminal
  off,
};

// Rate and time left on stderr. Not thread-safe: one thread reports.
class Progress {
 public:
  // unit: what is counted ("documents"); total 0: unknown, so no time left is shown.
  Progress(ProgressMode mode, std::string unit, std::uint64_t total = 0);
  ~Progress();  // clears a live line
  Progress(const Progress&) = delete;
  Progress& operator=(const Progress&) = delete;

  // done: units finished; note: free text behind the figures ("loss 4.21").
  void update(std::uint64_t done, const std::string& note = "");
  // Removes the live line, so that other output can follow.
  void finish();

 private:
  using Clock = std::chrono::steady_clock;
  std::string line(std::uint64_t done, const std::string& note) const;

  ProgressMode mode_;
  std::string unit_;
  std::uint64_t total_;
  bool terminal_;
  bool live_line_shown_ = false;
  Clock::time_point started_;
  Clock::time_point last_shown_;
  Clock::duration interval_;
};

}  // namespace gpt::log
