#include "libcommon/cli/stop_signals.hpp"

#include <array>
#include <cerrno>
#include <csignal>

#include <doctest/doctest.h>
#include <poll.h>
#include <unistd.h>

#include "libcommon/io/byte_source.hpp"
#include "libcommon/io/file_descriptor.hpp"
#include "tests/support/child_process.hpp"
#include "tests/support/scratch_folder.hpp"

namespace {

using namespace gpt;
using test::ChildProcess;

struct Pipe {
  int ends[2] = {-1, -1};
  Pipe() { REQUIRE(pipe(ends) == 0); }
  ~Pipe() {
    close(ends[0]);
    close(ends[1]);
  }
  void say() const { CHECK(write(ends[1], "x", 1) == 1); }
  void hear() const {
    char byte = 0;
    CHECK(read(ends[0], &byte, 1) == 1);
  }
};

bool wakes(int descriptor) {
  pollfd wait = {descriptor, POLLIN, 0};
  return poll(&wait, 1, 0) == 1;
}

}  // namespace

TEST_CASE("the first signal is noted, whichever it is") {
  for (const int number : {SIGINT, SIGTERM, SIGUSR1}) {
    ChildProcess child([number] {
      cli::install_stop_signals();
      if (cli::stop_requested() || wakes(cli::stop_wake_descriptor())) return 1;
      errno = ENOENT;
      raise(number);
      if (errno != ENOENT) return 2;
      return cli::stop_requested() && wakes(cli::stop_wake_descriptor()) ? 0 : 3;
    });
    CHECK(child.wait() == 0);
  }
}

TEST_CASE("a second signal ends the process with 128 + n") {
  for (const int number : {SIGINT, SIGTERM, SIGUSR1}) {
    ChildProcess child([number] {
      cli::install_stop_signals();
      raise(SIGINT);
      usleep(600'000);
      raise(number);
      return 0;
    });
    CHECK(child.wait() == 128 + number);
  }
}

TEST_CASE("signals at the same moment are one request, as timeout(1) sends them") {
  ChildProcess child([] {
    cli::install_stop_signals();
    for (const int number : {SIGTERM, SIGTERM, SIGUSR1}) raise(number);
    return cli::stop_requested() ? 0 : 1;
  });
  CHECK(child.wait() == 0);
}

TEST_CASE("a stop decided elsewhere does not make the first signal the second") {
  ChildProcess child([] {
    cli::install_stop_signals();
    cli::request_stop();
    if (!wakes(cli::stop_wake_descriptor())) return 1;
    raise(SIGTERM);
    return cli::stop_requested() ? 0 : 2;
  });
  CHECK(child.wait() == 0);
}

TEST_CASE("a cleared request is gone, also from the wake descriptor") {
  ChildProcess child([] {
    cli::install_stop_signals();
    raise(SIGTERM);
    cli::clear_stop_request();
    if (cli::stop_requested() || wakes(cli::stop_wake_descriptor())) return 1;
    raise(SIGTERM);
    return cli::stop_requested() ? 0 : 2;
  });
  CHECK(child.wait() == 0);
}

TEST_CASE("a read that waits on a pipe wakes up") {
  const Pipe data;
  const Pipe ready;
  ChildProcess child([&] {
    cli::install_stop_signals();
    ready.say();
    std::array<char, 16> buffer{};
    try {
      io::read_some_or_throw(data.ends[0], buffer, "pipe", io::OnStop::give_up);
    } catch (const cli::StoppedOnRequest&) {
      return 75;
    }
    return 1;
  });
  ready.hear();
  child.signal(SIGTERM);  // whether it comes before or after the read begins, the read ends
  CHECK(child.wait() == 75);
}

TEST_CASE("after a stop, inputs end but small files can still be read") {
  const test::ScratchFolder folder;
  const std::string path = folder.with("vocab.json", "{}");
  ChildProcess child([&] {
    cli::install_stop_signals();
    cli::request_stop();
    if (io::read_file_or_throw(path) != "{}") return 1;
    try {
      io::open_input_or_throw(path);
    } catch (const cli::StoppedOnRequest&) {
      return 75;
    }
    return 2;
  });
  CHECK(child.wait() == 75);
}
