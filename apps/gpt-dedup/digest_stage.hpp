#pragma once

#include <cstdint>

#include "apps/gpt-dedup/catalogue.hpp"
#include "apps/gpt-dedup/corpus.hpp"
#include "apps/gpt-dedup/disjoint_sets.hpp"
#include "apps/gpt-dedup/options.hpp"
#include "apps/gpt-dedup/pair_list.hpp"
#include "apps/gpt-dedup/signature_store.hpp"

namespace gpt::dedup {

// What the first reading of the corpus leaves.
struct DigestedCorpus {
  Catalogue catalogue;
  DisjointSets groups;        // of equal documents so far
  SignatureStore signatures;  // of the first of each such group; none with Method::exact
  std::vector<Pair> equal;    // first and later document of equal ones; kept when pairs are asked for
  std::uint64_t exact_duplicates = 0;
  io::RecordErrors errors;
};

// First stage. In: the corpus, unread. Out: every document catalogued, equal ones grouped, the others signed.
DigestedCorpus digest_corpus(Corpus& corpus, const Options& options);

}  // namespace gpt::dedup
