#pragma once

namespace gpt::cli {

// What every tool of the kit returns to the shell.
enum class ExitCode : int {
  done = 0,
  failed = 1,
  wrong_usage = 2,
  stopped = 75,  // stopped on request: the same command again goes on (sysexits' EX_TEMPFAIL)
};

}  // namespace gpt::cli
