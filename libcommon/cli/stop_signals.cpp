#include "libcommon/cli/stop_signals.hpp"

#include <atomic>
#include <cerrno>
#include <csignal>
#include <cstdint>
#include <ctime>
#include <thread>

#include <fcntl.h>
#include <unistd.h>

namespace gpt::cli {
namespace {

std::atomic<bool> g_stop{false};
// When the first signal came, by the monotonic clock; 0: none yet. Apart from g_stop: a stop that was asked
// for by request_stop (a vote of all ranks, a time limit) must not turn the first signal into a second one.
std::atomic<std::int64_t> g_signalled_ms{0};
static_assert(std::atomic<bool>::is_always_lock_free && std::atomic<std::int64_t>::is_always_lock_free,
              "the signal handler needs lock-free flags");
// timeout(1) and batch systems signal the process and then its group: what comes this soon is the same
// request.
constexpr std::int64_t kOneRequestMs = 500;
int g_wake_pipe[2] = {-1, -1};

void wake_waiting_readers() noexcept {
  if (g_wake_pipe[1] < 0) return;
  const char byte = 0;
  [[maybe_unused]] const auto written = write(g_wake_pipe[1], &byte, 1);
}

std::int64_t monotonic_ms() noexcept {
  timespec now = {};
  clock_gettime(CLOCK_MONOTONIC, &now);
  return std::int64_t{now.tv_sec} * 1000 + now.tv_nsec / 1'000'000 + 1;
}

extern "C" void on_stop_signal(int number) {
  const int interrupted_errno = errno;
  const std::int64_t now = monotonic_ms();
  std::int64_t first = 0;
  if (!g_signalled_ms.compare_exchange_strong(first, now) && now - first > kOneRequestMs) _exit(128 + number);
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

void take_stop_signals_on_own_thread() {
  // The new thread inherits the open mask; afterwards it is the only one with these signals unblocked.
  std::thread([] {
    while (true) pause();
  }).detach();
  sigset_t stop_signals;
  sigemptyset(&stop_signals);
  for (const int number : {SIGINT, SIGTERM, SIGUSR1}) sigaddset(&stop_signals, number);
  pthread_sigmask(SIG_BLOCK, &stop_signals, nullptr);
}

bool stop_requested() noexcept { return g_stop.load(std::memory_order_relaxed); }

void request_stop() noexcept {
  g_stop.store(true);
  wake_waiting_readers();
}

void clear_stop_request() noexcept {
  g_stop.store(false);
  g_signalled_ms.store(0);
  char bytes[64];
  while (g_wake_pipe[0] >= 0 && read(g_wake_pipe[0], bytes, sizeof bytes) > 0) {
  }
}

int stop_wake_descriptor() noexcept { return g_wake_pipe[0]; }

}  // namespace gpt::cli
