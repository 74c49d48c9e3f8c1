#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "libcommon/cli/command.hpp"
#include "libcommon/tokenizer/tokenizer.hpp"

namespace gpt::preprocess {

// The command lines of the subcommands, which work on datasets that are there. A dataset is named by its
// prefix; the name of its .bin or .idx is taken for it.

struct MergeOptions {
  cli::CommonOptions common;
  std::vector<std::string> inputs;
  std::string output;
};

struct SplitOptions {
  cli::CommonOptions common;
  std::string input;
  std::string output;
  std::vector<double> shares;  // of the documents, one a part: finite, none below 0, their sum finite and not 0
};

struct InfoOptions {
  cli::CommonOptions common;
  std::string input;
  std::vector<std::uint64_t> decode;                   // documents to show
  std::optional<tokenizer::TokenizerFiles> tokenizer;  // there when documents are to be decoded
};

struct VerifyOptions {
  cli::CommonOptions common;
  std::vector<std::string> inputs;
  std::optional<std::uint64_t> vocabulary_size;        // ids must be below
  std::optional<tokenizer::TokenizerFiles> tokenizer;  // or below this one's size
};

// argv[1] is the subcommand's word. Throw as cli::Command::parse does.
MergeOptions parse_merge_options(int argc, const char* const* argv);
SplitOptions parse_split_options(int argc, const char* const* argv);
InfoOptions parse_info_options(int argc, const char* const* argv);
VerifyOptions parse_verify_options(int argc, const char* const* argv);

}  // namespace gpt::preprocess
