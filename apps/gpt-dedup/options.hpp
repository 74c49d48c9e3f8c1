#pragma once

#include <optional>
#include <string>

#include "apps/gpt-dedup/corpus_options.hpp"
#include "apps/gpt-dedup/rewrite_options.hpp"
#include "libcommon/cli/command.hpp"

namespace gpt::dedup {

enum class Method { none, exact, minhash };  // none: every document is kept
// What decides whether two candidates are near duplicates: the Jaccard index of their shingle sets, or the
// estimate of it that their signatures give.
enum class Verify { shingles, signatures };

struct MinHashOptions {
  int char_ngram = 5;
  int seeds = 100;  // permutations, one number of a signature each
  int bands = 20;   // the seeds are a multiple of it
  double threshold = 0.8;
  Verify verify = Verify::shingles;
};

struct Options {
  CorpusOptions corpus;
  std::string output = "-";
  Method method = Method::minhash;
  MinHashOptions minhash;
  std::optional<std::string> pairs;
  RewriteOptions rewrite;
  cli::CommonOptions common;
};

// Throws cli::UsageError.
Options parse_options(int argc, const char* const* argv);

}  // namespace gpt::dedup
