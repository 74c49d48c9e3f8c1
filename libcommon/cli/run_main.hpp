#pragma once

#include <functional>
#include <string>

#include "libcommon/cli/exit_code.hpp"

namespace gpt::cli {

// Runs a tool's body and turns whatever leaves it into an exit code and, for errors, one message on stderr
// ("gpt-clean: error: ..."). Installs the stop signals first. A closed stdout (EPIPE) ends quietly.
int run_main(const std::string& tool, const std::function<ExitCode()>& body);

// The part of it that turns what leaves a body into a message and an exit code, for whom cannot let an
// exception go as far as main.
ExitCode run_and_tell(const std::string& tool, const std::function<ExitCode()>& body);

}  // namespace gpt::cli
