#include "apps/gpt-dedup/near/near_grouper.hpp"

#include <atomic>
#include <string>

#include "libcommon/log/progress.hpp"
#include "libcommon/threads/ordered_pipeline.hpp"

namespace gpt::dedup {

NearGrouper::NearGrouper(const Signatures& signatures, DisjointSets& groups, const Texts* texts,
                         const MinHashOptions& options, const cli::CommonOptions& common, Listing listing)
    : groups_(groups), options_(options), common_(common), memory_(signatures.size()) {
  const BucketComparer::Known known{signatures, groups, texts,
                                    listing == Listing::all_pairs ? &listed_ : nullptr, memory_};
  for (int i = 0; i < common.threads; ++i)
    comparers_.push_back(std::make_unique<BucketComparer>(known, options));
}

NearGrouper::SimilarPairs NearGrouper::compare(const Buckets& buckets) {
  const auto bands = static_cast<std::size_t>(options_.bands);
  log::Progress progress(common_.progress, "bands", bands);
  SimilarPairs similar;
  for (std::size_t band = 0; band < bands; ++band) {
    compare_band(buckets, band, similar);
    progress.update(band + 1, std::to_string(compared_pairs_) + " pairs compared");
  }
  groups_.flatten();
  progress.finish();
  return similar;
}

void NearGrouper::compare_band(const Buckets& buckets, std::size_t band, SimilarPairs& similar) {
  groups_.flatten();
  Comparisons found;
  std::atomic<std::size_t> next_comparer = 0;
  const auto make_work = [&] {
    return [band, &comparer = *comparers_[next_comparer++]](BucketBatch&& batch) {
      Comparisons out;
      for (std::size_t i = 0; i < batch.size(); ++i) comparer.compare(batch.bucket(i), band, out);
      return out;
    };
  };
  const auto gather = [&](Comparisons&& part) {
    found.similar.insert(found.similar.end(), part.similar.begin(), part.similar.end());
    found.listed.insert(found.listed.end(), part.listed.begin(), part.listed.end());
    found.compared += part.compared;
  };
  threads::run_ordered_pipeline(common_.threads, buckets.of_band(band), make_work, gather);
  for (const auto& [first, second] : found.similar) {
    if (groups_.find(first) == groups_.find(second)) continue;
    groups_.unite(first, second);
    similar.emplace_back(first, second);
  }
  compared_pairs_ += found.compared;
  listed_.insert(listed_.end(), found.listed.begin(), found.listed.end());
  sort_pairs(listed_);
}

}  // namespace gpt::dedup
