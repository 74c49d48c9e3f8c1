#pragma once

#include "apps/gpt-bpe-train/options.hpp"
#include "libcommon/cli/exit_code.hpp"

namespace gpt::bpe_train {

// inputs → word counts → merges → vocab.json and merges.txt.
cli::ExitCode run(const Options& options);

}  // namespace gpt::bpe_train
