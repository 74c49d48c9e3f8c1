#pragma once

#include <array>
#include <string>

#include "apps/gpt-dedup/near/minhash_options.hpp"
#include "libcommon/cli/command.hpp"

namespace gpt::dedup {

enum class ComparisonFormat { text, json };

// gpt-dedup compare A B
struct CompareOptions {
  std::array<std::string, 2> texts;  // files, FILE:LINE, or the texts themselves
  bool are_texts = false;
  std::string text_key = "text";
  MinHashOptions minhash;
  ComparisonFormat format = ComparisonFormat::text;
  cli::CommonOptions common;
};

// argv[1] is the word compare. Throws cli::UsageError.
CompareOptions parse_compare_options(int argc, const char* const* argv);

}  // namespace gpt::dedup
