#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <vector>

#include "apps/gpt-dedup/corpus.hpp"
#include "apps/gpt-dedup/digest_stage.hpp"
#include "apps/gpt-dedup/group_list.hpp"
#include "apps/gpt-dedup/options.hpp"
#include "apps/gpt-dedup/pair_list.hpp"
#include "apps/gpt-dedup/texts.hpp"

namespace gpt::dedup {

// The texts of candidates: where they stand in the inputs, or, of inputs that are compressed, copied to a
// temporary file. wanted: flags the candidates, when it must be known.
std::unique_ptr<Texts> candidate_texts(Corpus& corpus, const DigestedCorpus& digested,
                                       const std::function<std::vector<bool>()>& wanted,
                                       const CorpusOptions& options, const cli::CommonOptions& common);

struct NearResult {
  std::vector<Pair> pairs;  // every candidate pair, sorted; empty unless pairs are asked for
  std::uint64_t compared_pairs = 0;
  std::unique_ptr<Texts> texts;               // of all candidates; with Verify::shingles
  VectorSearch search = VectorSearch::exact;  // with Method::embedding, the one that was taken
  Comparison comparison;                      // with Method::embedding, where groups are listed
};

// Second stage. In: signatures of distinct documents. Out: digested.groups grown by near duplicates: the
// connected components of candidate pairs at or above the threshold. Pairs whose documents are in one group
// already are not compared, unless pairs are asked for.
NearResult group_near_duplicates(Corpus& corpus, DigestedCorpus& digested, const Options& options);

}  // namespace gpt::dedup
