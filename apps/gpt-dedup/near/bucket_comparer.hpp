#pragma once

#include <cstdint>
#include <span>
#include <utility>
#include <vector>

#include "apps/gpt-dedup/disjoint_sets.hpp"
#include "apps/gpt-dedup/near/minhash_options.hpp"
#include "apps/gpt-dedup/near/pair_memory.hpp"
#include "apps/gpt-dedup/near/representatives.hpp"
#include "apps/gpt-dedup/near/verify.hpp"
#include "apps/gpt-dedup/pair_list.hpp"

namespace gpt::dedup {

// Up to so many rows, a bucket is compared each with each.
inline constexpr std::size_t kSmallBucket = 64;

// What became of some buckets.
struct Comparisons {
  std::vector<std::pair<DocumentId, DocumentId>> similar;  // enough of them to know the groups
  std::vector<Pair> listed;                                // every pair, where a list is kept
  std::uint64_t compared = 0;
};

// Compares the rows of buckets, so that the groups that similar pairs make are a function of the buckets
// alone: of neither their order, nor threads, nor how the buckets are shared among processes.
//
// A bucket of kSmallBucket rows or fewer is compared each with each (leaving out what is known to be one
// group already). In a larger one each row, in document order, is compared with the first rows of the
// Representatives::kMost groups that last grew in this bucket; by their signatures with all, and where
// shingles decide, by these with the kJudged whose signatures agree with it the most. It joins those that it
// is similar to, or founds a group. So time grows with the size of a bucket and not with its square.
class BucketComparer {
 public:
  // What the comparers of all threads share; nothing of it but the memory changes while compare runs.
  struct Known {
    const Signatures& signatures;
    const DisjointSets& groups;      // flattened
    const Texts* texts;              // with Verify::shingles
    const std::vector<Pair>* pairs;  // where all pairs are to be listed: those that are, sorted
    PairMemory& memory;
  };
  BucketComparer(const Known& known, const MinHashOptions& options);

  // bucket: two rows or more, ascending; they meet in `band`.
  void compare(std::span<const Row> bucket, std::size_t band, Comparisons& out);

 private:
  static constexpr std::size_t kJudged = 4;

  struct Cluster {                     // members of a bucket that are known to be one group
    std::vector<std::uint32_t> names;  // the groups' names before the bucket
    std::vector<Row> rows;
  };
  struct DocumentPair {
    DocumentId first;
    DocumentId second;
  };

  void compare_all(std::span<const Row> bucket, std::size_t band, Comparisons& out);
  void compare_apart(std::span<const Row> bucket, std::size_t band, Comparisons& out);
  void compare_with_representatives(std::span<const Row> bucket, std::size_t band, Comparisons& out);
  bool belongs(Row row, std::uint32_t name, const Cluster& cluster, std::size_t band, Comparisons& out);
  DocumentPair meet(Row a, Row b, std::size_t band, Comparisons& out) const;
  bool similar(Row a, Row b, std::size_t band, Comparisons& out);
  bool judged(const DocumentPair& documents, Row a, Row b);
  bool listed(const DocumentPair& documents, Row a, Row b, Comparisons& out);

  Known known_;
  std::size_t bands_;
  PairJudge judge_;
  Representatives representatives_;
};

}  // namespace gpt::dedup
