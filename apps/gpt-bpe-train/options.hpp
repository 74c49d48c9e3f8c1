#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "apps/gpt-bpe-train/count/count_words.hpp"
#include "apps/gpt-bpe-train/learn/bpe_trainer.hpp"
#include "libcommon/cli/command.hpp"

namespace gpt::bpe_train {

enum class Algorithm { bpe, wordpiece };

struct Options {
  cli::CommonOptions common;
  CountTask count;
  Algorithm algorithm = Algorithm::bpe;
  TrainerSettings trainer;
  std::size_t most_characters = 1000;    // of the alphabet of WordPiece
  std::u32string characters;             // that belong to it in any case
  std::string output;                    // a folder; empty: counts alone are written
  std::vector<std::string> from_counts;  // files of word counts, in place of inputs
  std::string counts_out;                // where the word counts go, or empty
  std::string continue_from;             // a folder, or empty
  std::string evaluate_on;               // a file to measure the new vocabulary on, or empty
  bool prefix_space_of_labs = false;     // added since --bpe-path names the output and nothing else is said
  bool pretrained_is_ignored = false;    // the labs' --load_pretrained was given, which changes nothing
};

// Throws as cli::Command::parse does.
Options parse_options(int argc, const char* const* argv);

}  // namespace gpt::bpe_train
