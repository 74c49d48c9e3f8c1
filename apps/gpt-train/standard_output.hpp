#pragma once

#include <string_view>

namespace gpt::train_tool {

// Writes a line of the log, which is this tool's output, and flushes it. Throws io::BrokenPipe, io::IoError.
void print_line_or_throw(std::string_view line);

}  // namespace gpt::train_tool
