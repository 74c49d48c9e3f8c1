#include "libcommon/cli/stop_signals.hpp"

#include <atomic>
#include <cerrno>
#include <csignal>

#include <fcntl.h>
#include <unistd.h>

namespace gpt::cli {
namespace {

std::atomic<bool> g_stop{false};
// Apart from g_stop: a stop that was asked for by request_stop (a vote of all ranks, a time limit) must not
// turn the first signal into a second one.
std::atomic<bool> g_signalled{false};
static_assert(std::atomic<bool>::is_always_lock_free, "the signal handler needs a lock-free flag");
int g_wake_pipe[2] = {-1, -1};

void wake_waiting_readers() noexcept {
  if (g_wake_pipe[1] < 0) return;
  const char byte = 0;
  [[maybe_unused]] const auto written = write(g_wake_pipe[1], &byte, 1);
}

extern "C" void on_stop_signal(int number) {
  if (g_signalled.exchange(true)) _exit(128 + number);
  const int interrupted_errno = errno;
  g_stop.store(true);
  wake_waiting_readers();
  errno = interrupted_errno;
}

}  // namespace

void install_stop_signals() {
  if (g_wake_pipe[0] < 0 && pipe2(g_wake_pipe, O_CLOEXEC | O_NONBLOCK) != 0)
    g_wake_pipe[0] = g_wake_pipe[1] = -1;
  struct sigaction action = {};
  action.sa_handler = on_stop_signal;
  sigemptyset(&action.sa_mask);
  for (const int number : {SIGINT, SIGTERM, SIGUSR1}) sigaction(number, &action, nullptr);
}

bool stop_requested() noexcept { return g_stop.load(std::memory_order_relaxed); }

void request_stop() noexcept {
  g_stop.store(true);
  wake_waiting_readers();
}

void clear_stop_request() noexcept {
  g_stop.store(false);
  g_signalled.store(false);
  char bytes[64];
  while (g_wake_pipe[0] >= 0 && read(g_wake_pipe[0], bytes, sizeof bytes) > 0) {
  }
}

int stop_wake_descriptor() noexcept { return g_wake_pipe[0]; }

}  // namespace gpt::cli
