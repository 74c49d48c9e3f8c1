#include "apps/gpt-dedup/near_stage.hpp"

#include <algorithm>
#include <atomic>
#include <memory>
#include <optional>
#include <utility>

#include "apps/gpt-dedup/candidate_texts.hpp"
#include "apps/gpt-dedup/lsh.hpp"
#include "apps/gpt-dedup/verify.hpp"
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

// What became of some buckets of a band.
struct Comparisons {
  std::vector<std::pair<DocumentId, DocumentId>> similar;
  std::vector<Pair> all;  // when pairs are asked for
  std::uint64_t compared = 0;
};

// Compares the rows of one bucket as far as it is needed to know their groups. `groups` is what was known
// before this band, flattened, and is only read: so the outcome does not depend on the other buckets.
class BucketComparer {
 public:
  BucketComparer(const DigestedCorpus& digested, const CandidateTexts* texts, const Options& options)
      : signatures_(digested.signatures),
        groups_(digested.groups),
        bands_(static_cast<std::size_t>(options.minhash.bands)),
        list_all_(options.pairs.has_value()),
        judge_(digested.signatures, texts, options.minhash) {}

  void compare(std::span<const Row> bucket, std::size_t band, Comparisons& out) {
    if (list_all_)
      compare_all(bucket, band, out);
    else
      compare_apart(bucket, band, out);
  }

 private:
  // Compares two rows, a before b, in the first band in which they meet; whether they are similar. In a later
  // band they either share a group already or are known to differ.
  bool compare_once(Row a, Row b, std::size_t band, Comparisons& out) {
    if (meet_before(signatures_.signature(a), signatures_.signature(b), band, bands_)) return false;
    ++out.compared;
    bool similar = false;
    if (list_all_) {
      out.all.push_back(judge_.compare(a, b));
      similar = judge_.similar(out.all.back());
    } else {
      similar = judge_.similar(a, b);
    }
    if (similar) out.similar.emplace_back(signatures_.document(a), signatures_.document(b));
    return similar;
  }

  void compare_all(std::span<const Row> bucket, std::size_t band, Comparisons& out) {
    for (std::size_t j = 1; j < bucket.size(); ++j) {
      cli::throw_if_stop_requested();
      for (std::size_t i = 0; i < j; ++i) compare_once(bucket[i], bucket[j], band, out);
    }
  }

  // Members of the bucket that are known to be one group, and the name it had before the band.
  struct Cluster {
    std::vector<std::uint32_t> names;
    std::vector<Row> rows;
  };

  // Each row joins the clusters that it has a similar member in; the first one found settles a cluster.
  void compare_apart(std::span<const Row> bucket, std::size_t band, Comparisons& out) {
    std::vector<Cluster> clusters;
    for (const Row row : bucket) {
      cli::throw_if_stop_requested();  // a bucket of many unlike rows takes long
      const std::uint32_t name = groups_.name(signatures_.document(row));
      Cluster joined{{name}, {row}};
      std::erase_if(clusters, [&](Cluster& cluster) {
        if (!belongs(row, name, cluster, band, out)) return false;
        joined.names.insert(joined.names.end(), cluster.names.begin(), cluster.names.end());
        joined.rows.insert(joined.rows.end(), cluster.rows.begin(), cluster.rows.end());
        return true;
      });
      std::sort(joined.names.begin(), joined.names.end());
      joined.names.erase(std::unique(joined.names.begin(), joined.names.end()), joined.names.end());
      clusters.push_back(std::move(joined));
    }
  }

  bool belongs(Row row, std::uint32_t name, const Cluster& cluster, std::size_t band, Comparisons& out) {
    if (std::binary_search(cluster.names.begin(), cluster.names.end(), name)) return true;
    return std::any_of(cluster.rows.begin(), cluster.rows.end(),
                       [&](Row member) { return compare_once(member, row, band, out); });
  }

  const SignatureStore& signatures_;
  const DisjointSets& groups_;
  std::size_t bands_;
  bool list_all_;
  PairJudge judge_;
};

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
  BandStage(DigestedCorpus& digested, const CandidateTexts* texts, const Options& options)
      : digested_(digested), options_(options) {
    for (int i = 0; i < options.common.threads; ++i)
      comparers_.push_back(std::make_unique<BucketComparer>(digested, texts, options));
  }

  void compare(std::size_t b, NearResult& result) {
    const Band band(digested_.signatures, b, static_cast<std::size_t>(options_.minhash.bands));
    digested_.groups.flatten();
    std::vector<std::pair<DocumentId, DocumentId>> similar;
    std::atomic<std::size_t> next_comparer = 0;
    const auto make_work = [&] {
      return [&, &comparer = *comparers_[next_comparer++]](BucketRange&& range) {
        Comparisons out;
        for (std::size_t i = range.first; i < range.second; ++i) comparer.compare(band.bucket(i), b, out);
        return out;
      };
    };
    const auto gather = [&](Comparisons&& part) {
      similar.insert(similar.end(), part.similar.begin(), part.similar.end());
      result.pairs.insert(result.pairs.end(), part.all.begin(), part.all.end());
      result.compared_pairs += part.compared;
    };
    threads::run_ordered_pipeline(options_.common.threads, bucket_ranges(band), make_work, gather);
    for (const auto& [first, second] : similar) digested_.groups.unite(first, second);
    result.similar_pairs += similar.size();
  }

 private:
  DigestedCorpus& digested_;
  const Options& options_;
  std::vector<std::unique_ptr<BucketComparer>> comparers_;
};

}  // namespace

NearResult group_near_duplicates(Corpus& corpus, DigestedCorpus& digested, const Options& options) {
  NearResult result;
  const auto bands = static_cast<std::size_t>(options.minhash.bands);
  std::optional<CandidateTexts> texts;
  if (options.minhash.verify == Verify::shingles) {
    const std::vector<bool> wanted = candidates(digested, bands);
    result.candidate_documents = static_cast<std::uint64_t>(std::count(wanted.begin(), wanted.end(), true));
    if (result.candidate_documents == 0) return result;
    texts = collect_texts(corpus, digested.catalogue, wanted, options);
  }
  log::Progress progress(options.common.progress, "bands", bands);
  BandStage stage(digested, texts ? &*texts : nullptr, options);
  for (std::size_t band = 0; band < bands; ++band) {
    stage.compare(band, result);
    progress.update(band + 1, std::to_string(result.compared_pairs) + " pairs compared");
  }
  progress.finish();
  sort_pairs(result.pairs);
  return result;
}

}  // namespace gpt::dedup
