#pragma once

#include <cstdlib>
#include <stdexcept>
#include <string>

#include <fcntl.h>
#include <unistd.h>

#include "tests/support/scratch_folder.hpp"

namespace gpt::test {

// What is written to stderr while it lives.
class CapturedStderr {
 public:
  CapturedStderr() : saved_(dup(STDERR_FILENO)) {
    const int file = open(folder_.file("stderr").c_str(), O_WRONLY | O_CREAT | O_APPEND, 0600);
    if (saved_ < 0 || file < 0) throw std::runtime_error("cannot capture stderr");
    dup2(file, STDERR_FILENO);
    close(file);
  }
  ~CapturedStderr() {
    dup2(saved_, STDERR_FILENO);
    close(saved_);
  }
  CapturedStderr(const CapturedStderr&) = delete;
  CapturedStderr& operator=(const CapturedStderr&) = delete;

  std::string text() const { return content_of(folder_.file("stderr")); }

 private:
  ScratchFolder folder_;
  int saved_;
};

// Stderr is a terminal (the far end of a pseudo-terminal) while it lives.
class TerminalStderr {
 public:
  TerminalStderr() : saved_(dup(STDERR_FILENO)), terminal_(posix_openpt(O_RDWR | O_NOCTTY | O_NONBLOCK)) {
    if (terminal_ < 0 || grantpt(terminal_) != 0 || unlockpt(terminal_) != 0) return;
    const int near_end = open(ptsname(terminal_), O_WRONLY | O_NOCTTY);
    if (near_end < 0) return;
    dup2(near_end, STDERR_FILENO);
    close(near_end);
    ready_ = true;
  }
  ~TerminalStderr() {
    dup2(saved_, STDERR_FILENO);
    close(saved_);
    if (terminal_ >= 0) close(terminal_);
  }
  TerminalStderr(const TerminalStderr&) = delete;
  TerminalStderr& operator=(const TerminalStderr&) = delete;

  bool ready() const { return ready_; }
  // What has been written since the last call.
  std::string take() const {
    std::string text(4096, '\0');
    const auto count = read(terminal_, text.data(), text.size());
    text.resize(count > 0 ? static_cast<std::size_t>(count) : 0);
    return text;
  }

 private:
  int saved_;
  int terminal_;
  bool ready_ = false;
};

}  // namespace gpt::test
