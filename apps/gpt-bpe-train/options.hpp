#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "apps/gpt-bpe-train/bpe_trainer.hpp"
#include "apps/gpt-bpe-train/count_words.hpp"
#include "libcommon/cli/command.hpp"

namespace gpt::bpe_train {

struct Options {
  cli::CommonOptions common;
  CountTask count;
  TrainerSettings trainer;
  std::string output;  // a folder
};

// Throws as cli::Command::parse does.
Options parse_options(int argc, const char* const* argv);

}  // namespace gpt::bpe_train
