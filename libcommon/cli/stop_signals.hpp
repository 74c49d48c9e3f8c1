#pragma once

#include <exception>

namespace gpt::cli {

// Thrown where work is abandoned because a stop was asked for; main turns it into exit code 75.
class StoppedOnRequest : public std::exception {
 public:
  const char* what() const noexcept override { return "stopped on request"; }
};

// Catches SIGINT, SIGTERM and SIGUSR1: the first is noted; a second, more than half a second later, ends the
// process at once with 128 + n. Signals closer together are one request: timeout(1) sends two.
void install_stop_signals();

// Keeps the handler off the caller's stack: from here on the signals reach a thread of their own, and neither
// the caller nor threads it makes later. For programs that run oneDNN, whose generated matrix kernels do not
// survive a signal frame on their stack. Call it after install_stop_signals, while there is one thread only.
void take_stop_signals_on_own_thread();

bool stop_requested() noexcept;
// Asks for a stop without a signal: where it is decided elsewhere (another rank, a time limit), and in tests.
// A signal that comes afterwards is still the first.
void request_stop() noexcept;
void clear_stop_request() noexcept;

inline void throw_if_stop_requested() {
  if (stop_requested()) throw StoppedOnRequest{};
}

// Readable once a stop was asked for, so that a poll() on a pipe or socket wakes up; -1 before installation.
int stop_wake_descriptor() noexcept;

}  // namespace gpt::cli
