#pragma once

#include "apps/gpt-dedup/corpus.hpp"
#include "apps/gpt-dedup/digest_stage.hpp"
#include "apps/gpt-dedup/near/near_stage.hpp"
#include "apps/gpt-dedup/options.hpp"

namespace gpt::dedup {

// The second stage with Method::embedding. In: documents of which equal ones are grouped. Out:
// digested.groups grown by near duplicates: the connected components of pairs whose cosine is at or above
// options.embedding.cosine, all of them or those that options.embedding.search finds. A document without a
// vector of its own (all 0) is like no other.
NearResult group_by_embedding(Corpus& corpus, DigestedCorpus& digested, const Options& options);

}  // namespace gpt::dedup
