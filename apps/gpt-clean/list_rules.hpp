#pragma once

#include "apps/gpt-clean/options.hpp"
#include "libcommon/cli/exit_code.hpp"

namespace gpt::clean {

// `gpt-clean rules`: writes to stdout what the rules are and which parameters they take, or, where a preset,
// a recipe or changes to it are given, the rules of that as a recipe file.
cli::ExitCode list_rules_or_throw(const RulesOptions& options);

}  // namespace gpt::clean
