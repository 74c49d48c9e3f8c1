#pragma once

#include <functional>
#include <string>

#include "libcommon/cli/exit_code.hpp"

namespace gpt::cli {

// Runs a tool's body and turns whatever leaves it into an exit code and, for errors, one message on stderr
// ("gpt-clean: error: ..."). Installs the stop signals first. A closed stdout (EPIPE) ends quietly.
int run_main(const std::string& tool, const std::function<ExitCode()>& body);

}  // namespace gpt::cli
