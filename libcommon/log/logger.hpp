#pragma once

#include <string>
#include <string_view>

namespace gpt::log {

enum class Level { error, warning, info, debug };

// The process's logger: one line a message on stderr, "tool: warning: text" (info lines carry no level).
// Only apps/ and what they pass in call it; libraries report by return values and exceptions.
void set_tool(std::string_view name);
void set_level(Level level);
bool enabled(Level level);
void write(Level level, std::string_view text);
// While a live progress line stands on the terminal, a message first clears it. Called by Progress.
void set_live_line(bool shown);

inline void error(std::string_view text) { write(Level::error, text); }
inline void warning(std::string_view text) { write(Level::warning, text); }
inline void info(std::string_view text) { write(Level::info, text); }
inline void debug(std::string_view text) { write(Level::debug, text); }

}  // namespace gpt::log
