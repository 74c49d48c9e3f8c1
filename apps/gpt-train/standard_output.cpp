#include "apps/gpt-train/standard_output.hpp"

#include <cerrno>
#include <cstdio>
#include <string>

#include "libcommon/io/errors.hpp"

namespace gpt::train_tool {

void print_line_or_throw(std::string_view line) {
  const std::string text = std::string(line) + "\n";
  if (std::fwrite(text.data(), 1, text.size(), stdout) == text.size() && std::fflush(stdout) == 0) return;
  if (errno == EPIPE) throw io::BrokenPipe();
  throw io::IoError("stdout", "cannot write", errno);
}

}  // namespace gpt::train_tool
