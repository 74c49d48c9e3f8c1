#include "libcommon/log/logger.hpp"

#include <atomic>

#include <unistd.h>

namespace gpt::log {
namespace {

std::string& tool_name() {
  static std::string name = "gpt";
  return name;
}
std::atomic<Level> g_level{Level::info};
std::atomic<bool> g_live_line{false};

}  // namespace

void set_tool(std::string_view name) { tool_name() = name; }
void set_level(Level level) { g_level = level; }
bool enabled(Level level) { return level <= g_level.load(std::memory_order_relaxed); }

void set_live_line(bool shown) { g_live_line = shown; }

void write(Level level, std::string_view text) {
  if (!enabled(level)) return;
  std::string line = g_live_line.exchange(false) ? "\r\033[K" : "";
  line += tool_name() + ": ";
  if (level == Level::error) line += "error: ";
  if (level == Level::warning) line += "warning: ";
  line.append(text).push_back('\n');
  // one write a message, so that lines of several threads do not mix; nothing can be done when stderr is gone
  [[maybe_unused]] const auto written = ::write(STDERR_FILENO, line.data(), line.size());
}

}  // namespace gpt::log
