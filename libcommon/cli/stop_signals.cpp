#include "libcommon/cli/stop_signals.hpp"

#include <atomic>
#include <csignal>

#include <fcntl.h>
#include <unistd.h>

namespace gpt::cli {
namespace {

std::atomic<bool> g_stop{false};
static_assert(std::atomic<bool>::is_always_lock_free, "the signal handler needs a lock-free flag");
int g_wake_pipe[2] = {-1, -1};

extern "C" void on_stop_signal(int number) {
  if (g_stop.exchange(true)) _exit(128 + number);
  if (g_wake_pipe[1] >= 0) {
    const char byte = 0;
    [[maybe_unused]] const auto written = write(g_wake_pipe[1], &byte, 1);
  }
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
void request_stop() noexcept { g_stop.store(true); }
void clear_stop_request() noexcept { g_stop.store(false); }
int stop_wake_descriptor() noexcept { return g_wake_pipe[0]; }

}  // namespace gpt::cli
