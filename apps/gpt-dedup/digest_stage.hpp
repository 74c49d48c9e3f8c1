#pragma once

#include <cstdint>

#include "apps/gpt-dedup/catalogue.hpp"
#include "apps/gpt-dedup/corpus.hpp"
#include "apps/gpt-dedup/disjoint_sets.hpp"
#include "apps/gpt-dedup/exact.hpp"
#include "apps/gpt-dedup/lines_read.hpp"
#include "apps/gpt-dedup/near/signature_store.hpp"
#include "apps/gpt-dedup/options.hpp"

namespace gpt::dedup {

// What the first reading of the corpus leaves.
struct DigestedCorpus {
  Catalogue catalogue;
  DisjointSets groups;                    // of equal documents so far, flattened
  FirstSeen first_seen;                   // the first of each such group by its digest
  SignatureStore signatures;              // of the first of each such group; none but with Method::minhash
  std::vector<double> scores;             // one a document, where KeepOptions ask for it
  std::vector<LinesRead> lines_of_files;  // the files after the last are empty
  std::uint64_t exact_duplicates = 0;
  io::RecordErrors errors;
};

// First stage. In: the corpus, unread. Out: every document catalogued, equal ones grouped, the others signed.
DigestedCorpus digest_corpus(Corpus& corpus, const Options& options);

}  // namespace gpt::dedup
