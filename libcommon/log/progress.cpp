#include "libcommon/log/progress.hpp"

#include <cstdio>

#include <unistd.h>

#include "libcommon/log/logger.hpp"

namespace gpt::log {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

std::chrono::steady_clock::duration interval_of(ProgressMode mode, bool terminal) {
  if (terminal) return milliseconds(200);
  return mode == ProgressMode::on ? seconds(5) : seconds(30);
}

std::string with_unit_prefix(double value) {
  static constexpr const char* kPrefixes[] = {"", "k", "M", "G", "T"};
  std::size_t prefix = 0;
  while (value >= 10000.0 && prefix < 4) {
    value /= 1000.0;
    ++prefix;
  }
  char text[32];
  std::snprintf(text, sizeof text, value < 10.0 && value != static_cast<int>(value) ? "%.1f%s" : "%.0f%s",
                value, kPrefixes[prefix]);
  return text;
}

std::string clock_text(double total_seconds) {
  const auto whole = static_cast<long>(total_seconds);
  char text[32];
  std::snprintf(text, sizeof text, "%ld:%02ld:%02ld", whole / 3600, whole / 60 % 60, whole % 60);
  return text;
}

}  // namespace

Progress::Progress(ProgressMode mode, std::string unit, std::uint64_t total)
    : mode_(mode),
      unit_(std::move(unit)),
      total_(total),
      terminal_(isatty(STDERR_FILENO) == 1),
      started_(Clock::now()),
      last_shown_(started_),
      interval_(interval_of(mode, terminal_)) {}

Progress::~Progress() { finish(); }

void Progress::update(std::uint64_t done, const std::string& note) {
  if (mode_ == ProgressMode::off || !enabled(Level::info)) return;
  const auto now = Clock::now();
  if (now - last_shown_ < interval_) return;
  last_shown_ = now;
  if (terminal_) {
    std::fprintf(stderr, "\r\033[K%s", line(done, note).c_str());
    std::fflush(stderr);
    live_line_shown_ = true;
    set_live_line(true);
  } else {
    info(line(done, note));
  }
}

void Progress::finish() {
  if (!live_line_shown_) return;
  std::fputs("\r\033[K", stderr);
  std::fflush(stderr);
  live_line_shown_ = false;
  set_live_line(false);
}

std::string Progress::line(std::uint64_t done, const std::string& note) const {
  const double elapsed = std::chrono::duration<double>(Clock::now() - started_).count();
  const double rate = elapsed > 0.0 ? static_cast<double>(done) / elapsed : 0.0;
  std::string text = with_unit_prefix(static_cast<double>(done));
  if (total_ > 0) text += "/" + with_unit_prefix(static_cast<double>(total_));
  text += " " + unit_ + ", " + with_unit_prefix(rate) + "/s";
  if (total_ > done && rate > 0.0)
    text += ", " + clock_text(static_cast<double>(total_ - done) / rate) + " left";
  if (!note.empty()) text += ", " + note;
  return text;
}

}  // namespace gpt::log
