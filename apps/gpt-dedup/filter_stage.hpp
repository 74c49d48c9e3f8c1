#pragma once

#include <cstdint>

#include "apps/gpt-dedup/catalogue.hpp"
#include "apps/gpt-dedup/corpus.hpp"
#include "apps/gpt-dedup/disjoint_sets.hpp"
#include "apps/gpt-dedup/options.hpp"
#include "libcommon/io/output_file.hpp"

namespace gpt::dedup {

// Last stage. In: the final groups. Out: the first document of each, in input order; as the bytes they were
// read from where input and output have one format, else converted. Returns how many. Throws
// std::runtime_error when an input is not what it was in the first reading.
std::uint64_t write_kept(Corpus& corpus, const Catalogue& catalogue, DisjointSets& groups,
                         const Options& options, io::OutputFile& output);

}  // namespace gpt::dedup
