#include "libcommon/cli/run_main.hpp"

#include <cerrno>
#include <csignal>
#include <exception>
#include <new>

#include <fcntl.h>
#include <unistd.h>

#include "libcommon/cli/errors.hpp"
#include "libcommon/cli/stop_signals.hpp"
#include "libcommon/io/errors.hpp"
#include "libcommon/io/output_file.hpp"
#include "libcommon/log/logger.hpp"

namespace gpt::cli {
namespace {

ExitCode run_or_inform(const std::function<ExitCode()>& body) {
  try {
    return body();
  } catch (const InformationRequested& information) {
    io::OutputFile out("-");
    out.write_or_throw(information.text());
    out.commit_or_throw();
    return ExitCode::done;
  }
}

// A program started with one of its three standard descriptors closed would get that number for the next file
// it opens, and then write its messages into it. What is put there instead fails at its first use.
void occupy_standard_descriptors() {
  for (const int number : {STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO}) {
    if (fcntl(number, F_GETFD) >= 0 || errno != EBADF) continue;
    [[maybe_unused]] const int opened = open("/dev/null", number == STDIN_FILENO ? O_WRONLY : O_RDONLY);
  }
}

}  // namespace

ExitCode run_and_tell(const std::string& tool, const std::function<ExitCode()>& body) {
  try {
    return run_or_inform(body);
  } catch (const UsageError& error) {
    log::error(std::string(error.what()) + "\nTry '" + tool + " --help'.");
    return ExitCode::wrong_usage;
  } catch (const StoppedOnRequest&) {
    log::info("stopped on request; give the same command again to go on");
    return ExitCode::stopped;
  } catch (const io::BrokenPipe&) {
    // the reader of stdout has had enough: end as a program that does not catch SIGPIPE ends
    std::signal(SIGPIPE, SIG_DFL);
    std::raise(SIGPIPE);
    return ExitCode::failed;
  } catch (const std::bad_alloc&) {
    log::error("out of memory");
    return ExitCode::failed;
  } catch (const std::exception& error) {
    log::error(error.what());
    return ExitCode::failed;
  }
}

int run_main(const std::string& tool, const std::function<ExitCode()>& body) {
  log::set_tool(tool);
  occupy_standard_descriptors();
  install_stop_signals();
  // Both arrive as errors of write() instead, so that temporaries are removed first: a closed stdout as
  // BrokenPipe, a file grown beyond the limit (ulimit -f) as IoError.
  std::signal(SIGPIPE, SIG_IGN);
  std::signal(SIGXFSZ, SIG_IGN);
  return static_cast<int>(run_and_tell(tool, body));
}

}  // namespace gpt::cli
