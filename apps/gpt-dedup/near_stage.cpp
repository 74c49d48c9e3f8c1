#include "apps/gpt-dedup/near_stage.hpp"

#include <algorithm>
#include <atomic>
#include <memory>
#include <optional>
#include <utility>

#include "apps/gpt-dedup/bucket_comparer.hpp"
#include "apps/gpt-dedup/candidate_texts.hpp"
#include "apps/gpt-dedup/lsh.hpp"
#include "apps/gpt-dedup/placed_texts.hpp"
#include "libcommon/cli/stop_signals.hpp"
#include "libcommon/log/progress.hpp"
#include "libcommon/threads/ordered_pipeline.hpp"

namespace gpt::dedup {
namespace {

// Flags the documents that share a bucket with another.
std::vector<bool> candidates(const DigestedCorpus& digested, std::size_t bands) {
  std::vector<bool> wanted(digested.catalogue.size());
  for (std::size_t b = 0; b < bands; ++b) {
    cli::throw_if_stop_requested();
    const Band band(digested.signatures, b, bands);
    for (std::size_t i = 0; i < band.size(); ++i)
      for (const Row row : band.bucket(i)) wanted[digested.signatures.document(row)] = true;
  }
  return wanted;
}

// A few buckets for one worker: about kRowsAWorker rows, so that a comparison-heavy band is shared out.
constexpr std::size_t kRowsAWorker = 256;
using BucketRange = std::pair<std::size_t, std::size_t>;

auto bucket_ranges(const Band& band) {
  return [&band, next = std::size_t{0}]() mutable -> std::optional<BucketRange> {
    const std::size_t begin = next;
    for (std::size_t rows = 0; next < band.size() && rows < kRowsAWorker; ++next)
      rows += band.bucket(next).size();
    if (begin == next) return std::nullopt;
    return BucketRange{begin, next};
  };
}

// The comparers of all threads, which keep their shingle sets from band to band.
class BandStage {
 public:
  BandStage(DigestedCorpus& digested, const Texts* texts, const Options& options, NearResult& result)
      : digested_(digested), options_(options), result_(result), memory_(digested.signatures.size()) {
    const BucketComparer::Known known{digested.signatures, digested.groups, texts,
                                      options.pairs ? &result.pairs : nullptr, memory_};
    for (int i = 0; i < options.common.threads; ++i)
      comparers_.push_back(std::make_unique<BucketComparer>(known, options.minhash));
  }

  void compare(std::size_t b) {
    const Band band(digested_.signatures, b, static_cast<std::size_t>(options_.minhash.bands));
    digested_.groups.flatten();
    Comparisons found;
    std::atomic<std::size_t> next_comparer = 0;
    const auto make_work = [&] {
      return [&, &comparer = *comparers_[next_comparer++]](BucketRange&& range) {
        Comparisons out;
        for (std::size_t i = range.first; i < range.second; ++i) comparer.compare(band.bucket(i), b, out);
        return out;
      };
    };
    const auto gather = [&](Comparisons&& part) {
      found.similar.insert(found.similar.end(), part.similar.begin(), part.similar.end());
      found.listed.insert(found.listed.end(), part.listed.begin(), part.listed.end());
      found.compared += part.compared;
    };
    threads::run_ordered_pipeline(options_.common.threads, bucket_ranges(band), make_work, gather);
    for (const auto& [first, second] : found.similar) digested_.groups.unite(first, second);
    result_.compared_pairs += found.compared;
    result_.pairs.insert(result_.pairs.end(), found.listed.begin(), found.listed.end());
    sort_pairs(result_.pairs);
  }

 private:
  DigestedCorpus& digested_;
  const Options& options_;
  NearResult& result_;
  PairMemory memory_;
  std::vector<std::unique_ptr<BucketComparer>> comparers_;
};

// The texts of candidates: where they stand in the inputs, or copied from those that are compressed.
std::unique_ptr<Texts> candidate_texts(Corpus& corpus, const DigestedCorpus& digested,
                                       const Options& options) {
  if (const auto files = corpus.plain_files())
    return std::make_unique<PlacedTexts>(digested.catalogue, *files, options.corpus.text_key);
  return std::make_unique<CandidateTexts>(
      collect_texts(corpus, digested.catalogue,
                    candidates(digested, static_cast<std::size_t>(options.minhash.bands)), options));
}

}  // namespace

NearResult group_near_duplicates(Corpus& corpus, DigestedCorpus& digested, const Options& options) {
  NearResult result;
  const auto bands = static_cast<std::size_t>(options.minhash.bands);
  if (options.minhash.verify == Verify::shingles) result.texts = candidate_texts(corpus, digested, options);
  log::Progress progress(options.common.progress, "bands", bands);
  BandStage stage(digested, result.texts.get(), options, result);
  for (std::size_t band = 0; band < bands; ++band) {
    stage.compare(band);
    progress.update(band + 1, std::to_string(result.compared_pairs) + " pairs compared");
  }
  progress.finish();
  return result;
}

}  // namespace gpt::dedup
