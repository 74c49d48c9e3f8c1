#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "apps/gpt-preprocess/batch_encoder.hpp"
#include "libcommon/cli/command.hpp"
#include "libcommon/io/document.hpp"
#include "libcommon/io/shard.hpp"

namespace gpt::preprocess {

struct Options {
  cli::CommonOptions common;
  std::vector<std::string> inputs;
  std::optional<io::DocumentFormat> input_format;  // empty: by name
  std::string output_prefix;
  tokenizer::TokenizerFiles tokenizer;
  EncodeSettings encode;
  io::Shard shard;
  std::uint64_t log_interval = 0;  // documents; 0: no lines of its own
};

// Throws as cli::Command::parse does.
Options parse_options(int argc, const char* const* argv);

}  // namespace gpt::preprocess
