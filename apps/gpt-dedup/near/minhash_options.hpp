#pragma once

#include <optional>

#include "apps/gpt-dedup/near/shingles.hpp"
#include "libcommon/cli/command.hpp"

namespace gpt::dedup {

// What decides whether two candidates are near duplicates: the Jaccard index of their shingle sets, or the
// estimate of it that their signatures give.
enum class Verify { shingles, signatures };

// What may be asked for.
inline constexpr int kMostSeeds = 4096;
inline constexpr int kLongestShingle = 64;

struct MinHashOptions {
  ShingleOptions shingles;
  int seeds = 100;  // permutations, one number of a signature each
  int bands = 20;   // the seeds are a multiple of it
  double threshold = 0.8;
  Verify verify = Verify::shingles;
};

// The flags of signatures: shingles, seeds and bands. Lives until the command line is parsed, as does the
// next.
class SignatureFlags {
 public:
  SignatureFlags(CLI::App& app, MinHashOptions& options);
  void resolve_or_throw();  // cli::UsageError

 private:
  MinHashOptions& options_;
  int char_ngram_ = 5;
  std::optional<int> word_ngram_;
  bool fold_ = false;
};

// The flags of comparing: threshold and verification.
class JudgeFlags {
 public:
  JudgeFlags(CLI::App& app, MinHashOptions& options);
  void resolve();

 private:
  MinHashOptions& options_;
  bool verify_ = true;
};

}  // namespace gpt::dedup
