#pragma once

#include "apps/gpt-bpe-train/count/count_words.hpp"
#include "apps/gpt-bpe-train/options.hpp"

namespace gpt::bpe_train {

// The word counts of a run: from the inputs, or from files of counts. Says what was skipped. Throws
// io::IoError, io::DataError: also when there are no words at all, and cli::StoppedOnRequest.
CountResult count_or_throw(const Options& options);

// Whether the file of this share's counts is there. Throws io::DataError, naming --force, when what is there
// is of another share, other inputs or options, or damaged; io::IoError.
bool is_counted_or_throw(const Options& options);

// Writes the counts to --counts-out under the name of the share. Returns how many distinct words there are.
// Throws as above.
std::uint64_t write_counts_or_throw(const Options& options, CountResult& counts);

}  // namespace gpt::bpe_train
