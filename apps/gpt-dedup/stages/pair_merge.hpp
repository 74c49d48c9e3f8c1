#pragma once

#include <vector>

#include "apps/gpt-dedup/stages/pair_file.hpp"
#include "apps/gpt-dedup/stages/shared_corpus.hpp"
#include "libcommon/io/output_file.hpp"

namespace gpt::dedup {

// Writes what one run's --pairs writes (docs/formats/pairs.md). In: pair files with Listing::all_pairs, each
// in order; a pair may stand in several. Out: all of them in order, each once, among them the documents that
// are equal to an earlier one. equal_to: of each document the first that is equal. Memory: 8 bytes an equal
// document.
void write_all_pairs(const SharedCorpus& corpus, const std::vector<DocumentId>& equal_to,
                     const std::vector<PairFile>& files, io::OutputFile& output);

}  // namespace gpt::dedup
