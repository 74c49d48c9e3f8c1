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
  std::string output;                    // a folder; empty: counts alone are written
  std::vector<std::string> from_counts;  // files of word counts, in place of inputs
  std::string counts_out;                // where the word counts go, or empty
  std::string continue_from;             // a folder, or empty
  bool pretrained_is_ignored = false;    // the labs' --load_pretrained was given, which changes nothing
};

// Throws as cli::Command::parse does.
Options parse_options(int argc, const char* const* argv);

}  // namespace gpt::bpe_train
