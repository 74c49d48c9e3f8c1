#include "libcommon/cli/run_main.hpp"

#include <csignal>
#include <cstdio>
#include <exception>
#include <new>

#include "libcommon/cli/errors.hpp"
#include "libcommon/cli/stop_signals.hpp"
#include "libcommon/io/errors.hpp"
#include "libcommon/io/output_file.hpp"
#include "libcommon/log/logger.hpp"

namespace gpt::cli {
namespace {

ExitCode run_body(const std::string& tool, const std::function<ExitCode()>& body) {
  try {
    return body();
  } catch (const InformationRequested& information) {
    io::OutputFile out("-");
    out.write_or_throw(information.text());
    out.commit_or_throw();
    return ExitCode::done;
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

}  // namespace

int run_main(const std::string& tool, const std::function<ExitCode()>& body) {
  log::set_tool(tool);
  install_stop_signals();
  std::signal(SIGPIPE,
              SIG_IGN);  // a closed stdout arrives as BrokenPipe, so that temporaries are removed first
  return static_cast<int>(run_body(tool, body));
}

}  // namespace gpt::cli
