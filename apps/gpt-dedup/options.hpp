#pragma once

#include <optional>
#include <string>

#include "apps/gpt-dedup/corpus_options.hpp"
#include "apps/gpt-dedup/embedding/embedding_options.hpp"
#include "apps/gpt-dedup/keep_options.hpp"
#include "apps/gpt-dedup/near/minhash_options.hpp"
#include "apps/gpt-dedup/rewrite/rewrite_options.hpp"
#include "libcommon/cli/command.hpp"

namespace gpt::dedup {

enum class Method {
  none,       // every document is kept
  exact,      // equal texts but for case and white space
  minhash,    // those, and near duplicates
  embedding,  // those, and near duplicates by their vectors
  url,        // equal addresses
};

// The command line without a subcommand: everything in one go.
struct Options {
  CorpusOptions corpus;
  std::string output = "-";
  Method method = Method::minhash;
  std::string url_key = "url";
  MinHashOptions minhash;
  EmbeddingOptions embedding;
  KeepOptions keep;
  std::optional<std::string> pairs;
  std::optional<std::string> groups;
  RewriteOptions rewrite;
  cli::CommonOptions common;
};

// Throws cli::UsageError.
Options parse_options(int argc, const char* const* argv);

}  // namespace gpt::dedup
