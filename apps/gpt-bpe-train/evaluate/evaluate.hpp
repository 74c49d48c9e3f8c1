#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "apps/gpt-bpe-train/evaluate/evaluate_text.hpp"
#include "libcommon/cli/command.hpp"
#include "libcommon/cli/exit_code.hpp"

namespace gpt::bpe_train {

struct EvaluateOptions {
  cli::CommonOptions common;
  std::vector<std::string> arguments;  // folders of vocabularies, then texts
  EvaluationTask task;                 // without its inputs
  std::size_t listed = 10;             // tokens in a list
};

// Of `gpt-bpe-train evaluate ...`. Throws as cli::Command::parse does.
EvaluateOptions parse_evaluate_options(int argc, const char* const* argv);

// Measures vocabularies on texts: tables on stdout, and into the report.
cli::ExitCode evaluate(const EvaluateOptions& options);

}  // namespace gpt::bpe_train
