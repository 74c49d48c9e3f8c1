#pragma once

#include <cstdint>
#include <memory>
#include <utility>
#include <vector>

#include "apps/gpt-dedup/disjoint_sets.hpp"
#include "apps/gpt-dedup/near/bucket_comparer.hpp"
#include "apps/gpt-dedup/near/buckets.hpp"
#include "apps/gpt-dedup/near/listing.hpp"
#include "apps/gpt-dedup/near/minhash_options.hpp"
#include "apps/gpt-dedup/near/pair_memory.hpp"
#include "libcommon/cli/command.hpp"

namespace gpt::dedup {

// Compares the buckets of all bands on several threads and lets groups grow by what is similar: they become
// the connected components of similar pairs. Pairs whose documents are known to be in one group are not
// compared, unless all pairs are listed.
class NearGrouper {
 public:
  using SimilarPairs = std::vector<std::pair<DocumentId, DocumentId>>;

  // groups: of all documents, what is known so far; grows. texts: with Verify::shingles, else null.
  NearGrouper(const Signatures& signatures, DisjointSets& groups, const Texts* texts,
              const MinHashOptions& options, const cli::CommonOptions& common, Listing listing);

  // Returns pairs enough to make the groups from.
  SimilarPairs compare(const Buckets& buckets);

  std::uint64_t compared_pairs() const { return compared_pairs_; }
  // With Listing::all_pairs: every candidate pair, sorted.
  std::vector<Pair>& listed() { return listed_; }

 private:
  void compare_band(const Buckets& buckets, std::size_t band, SimilarPairs& similar);

  DisjointSets& groups_;
  const MinHashOptions& options_;
  const cli::CommonOptions& common_;
  PairMemory memory_;
  std::vector<Pair> listed_;
  std::uint64_t compared_pairs_ = 0;
  // One a thread; they keep their shingle sets from band to band.
  std::vector<std::unique_ptr<BucketComparer>> comparers_;
};

}  // namespace gpt::dedup
