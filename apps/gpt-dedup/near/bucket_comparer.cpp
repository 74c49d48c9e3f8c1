#include "apps/gpt-dedup/near/bucket_comparer.hpp"

#include <algorithm>

#include "apps/gpt-dedup/near/lsh.hpp"
#include "apps/gpt-dedup/near/minhash.hpp"
#include "libcommon/cli/stop_signals.hpp"

namespace gpt::dedup {

BucketComparer::BucketComparer(const Known& known, const MinHashOptions& options)
    : known_(known),
      bands_(static_cast<std::size_t>(options.bands)),
      judge_(known.signatures, known.texts, options) {}

void BucketComparer::compare(std::span<const Row> bucket, std::size_t band, Comparisons& out) {
  if (bucket.size() > kSmallBucket)
    compare_with_representatives(bucket, band, out);
  else if (known_.pairs != nullptr)
    compare_all(bucket, band, out);
  else
    compare_apart(bucket, band, out);
}

// Whether two rows, a before b, are similar. A pair counts as compared in the first band in which it meets.
bool BucketComparer::similar(Row a, Row b, std::size_t band, Comparisons& out) {
  if (known_.pairs != nullptr) return list(a, b, band, out);
  if (!meet_before(known_.signatures.signature(a), known_.signatures.signature(b), band, bands_))
    ++out.compared;
  const DocumentId first = known_.signatures.document(a);
  const DocumentId second = known_.signatures.document(b);
  const auto known = known_.memory.recall(first, second);
  const bool similar = known ? *known : judge_.similar(a, b);
  if (!known) known_.memory.remember(first, second, similar);
  if (similar) out.similar.emplace_back(first, second);
  return similar;
}

bool BucketComparer::list(Row a, Row b, std::size_t band, Comparisons& out) {
  if (!meet_before(known_.signatures.signature(a), known_.signatures.signature(b), band, bands_))
    ++out.compared;
  const DocumentId first = known_.signatures.document(a);
  const DocumentId second = known_.signatures.document(b);
  const auto listed = std::lower_bound(known_.pairs->begin(), known_.pairs->end(),
                                       Pair{first, second, {}, {}}, stands_before);
  if (listed != known_.pairs->end() && listed->first == first && listed->second == second)
    return judge_.similar(*listed);
  out.listed.push_back(judge_.compare(a, b));
  const bool similar = judge_.similar(out.listed.back());
  if (similar) out.similar.emplace_back(first, second);
  return similar;
}

void BucketComparer::compare_all(std::span<const Row> bucket, std::size_t band, Comparisons& out) {
  for (std::size_t j = 1; j < bucket.size(); ++j) {
    cli::throw_if_stop_requested();
    for (std::size_t i = 0; i < j; ++i) list(bucket[i], bucket[j], band, out);
  }
}

// Each row joins the clusters that it has a similar member in; the first one found settles a cluster.
void BucketComparer::compare_apart(std::span<const Row> bucket, std::size_t band, Comparisons& out) {
  std::vector<Cluster> clusters;
  for (const Row row : bucket) {
    cli::throw_if_stop_requested();
    const std::uint32_t name = known_.groups.name(known_.signatures.document(row));
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

bool BucketComparer::belongs(Row row, std::uint32_t name, const Cluster& cluster, std::size_t band,
                             Comparisons& out) {
  if (std::binary_search(cluster.names.begin(), cluster.names.end(), name)) return true;
  return std::any_of(cluster.rows.begin(), cluster.rows.end(),
                     [&](Row member) { return similar(member, row, band, out); });
}

// The representatives to be judged, those whose signatures agree the most first, then the latest.
std::vector<BucketComparer::Candidate> BucketComparer::closest(Row row,
                                                               std::span<const Row> representatives) const {
  const auto signature = known_.signatures.signature(row);
  std::vector<Candidate> best;
  for (std::size_t position = 0; position < representatives.size(); ++position) {
    const double estimate =
        signature_similarity(known_.signatures.signature(representatives[position]), signature);
    if (best.size() == kJudged && estimate <= best.back().estimate) continue;
    if (best.size() == kJudged) best.pop_back();
    const auto after = std::find_if(
        best.begin(), best.end(), [&](const Candidate& candidate) { return candidate.estimate < estimate; });
    best.insert(after, {estimate, position});
  }
  return best;
}

void BucketComparer::compare_with_representatives(std::span<const Row> bucket, std::size_t band,
                                                  Comparisons& out) {
  std::vector<Row> representatives;  // the group that grew last in front
  for (const Row row : bucket) {
    cli::throw_if_stop_requested();
    std::vector<std::size_t> joined;
    for (const Candidate& candidate : closest(row, representatives))
      if (similar(representatives[candidate.position], row, band, out)) joined.push_back(candidate.position);
    if (joined.empty()) {
      if (representatives.size() == kRepresentatives) representatives.pop_back();
      representatives.insert(representatives.begin(), row);
    } else {
      const auto begin = representatives.begin();
      std::rotate(begin, begin + static_cast<std::ptrdiff_t>(joined.front()),
                  begin + static_cast<std::ptrdiff_t>(joined.front()) + 1);
    }
  }
}

}  // namespace gpt::dedup
