#pragma once

#include "apps/gpt-dedup/stages/stage_options.hpp"
#include "libcommon/cli/exit_code.hpp"

namespace gpt::dedup {

// The stages of deduplication as runs of their own, for corpora that one machine does not take in one go.
// Together, with any number of shares, they keep what one run without stages keeps.
//   signatures  a share of the documents → its signatures, digests and bands, each sorted
//   pairs       all signature files → similar pairs in a share of the buckets
//   groups      all pair files → groups, and a flag for each document: whether it stays
//   filter      the flags → the documents of a share that stay
cli::ExitCode run(const SignaturesOptions& options);
cli::ExitCode run(const PairsOptions& options);
cli::ExitCode run(const GroupsOptions& options);
cli::ExitCode run(const FilterOptions& options);

}  // namespace gpt::dedup
