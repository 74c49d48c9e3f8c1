#include "apps/gpt-dedup/near/minhash_options.hpp"

#include <string>

#include <CLI/CLI.hpp>

#include "libcommon/cli/errors.hpp"
#include "libcommon/cli/number_range.hpp"

namespace gpt::dedup {

SignatureFlags::SignatureFlags(CLI::App& app, MinHashOptions& options) : options_(options) {
  auto* characters = app.add_option("--char-ngram", char_ngram_, "Characters of a shingle")
                         ->check(CLI::Range(1, kLongestShingle))
                         ->capture_default_str()
                         ->type_name("N");
  app.add_option("--word-ngram", word_ngram_, "Make shingles of this many words, not of characters")
      ->check(CLI::Range(1, kLongestShingle))
      ->excludes(characters)
      ->type_name("N");
  app.add_flag("--fold", fold_, "Neither case nor the amount of white space counts in shingles");
  app.add_option("--seeds", options.seeds, "Permutations, the length of a signature")
      ->check(CLI::Range(1, kMostSeeds))
      ->capture_default_str()
      ->type_name("N");
  app.add_option("--bands", options.bands, "Bands a signature is cut into")
      ->check(CLI::Range(1, kMostSeeds))
      ->capture_default_str()
      ->type_name("N");
}

void SignatureFlags::resolve_or_throw() {
  options_.shingles = {.length = word_ngram_.value_or(char_ngram_),
                       .unit = word_ngram_ ? ShingleUnit::words : ShingleUnit::characters,
                       .form = fold_ ? ShingleForm::folded : ShingleForm::as_written};
  if (options_.seeds % options_.bands != 0)
    throw cli::UsageError("--seeds " + std::to_string(options_.seeds) + " is no multiple of --bands " +
                          std::to_string(options_.bands) + ": every band takes the same number of seeds");
}

JudgeFlags::JudgeFlags(CLI::App& app, MinHashOptions& options) : options_(options) {
  app.add_option("--threshold", options.threshold, "Jaccard index from which two documents are duplicates")
      ->check(cli::number_range(0, 1))
      ->capture_default_str()
      ->type_name("J");
  app.add_flag("--verify,!--no-verify", verify_,
               "Compare the shingles of candidates (default), or trust their signatures");
}

void JudgeFlags::resolve() { options_.verify = verify_ ? Verify::shingles : Verify::signatures; }

}  // namespace gpt::dedup
