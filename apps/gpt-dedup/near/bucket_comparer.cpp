#include "apps/gpt-dedup/near/bucket_comparer.hpp"

#include <algorithm>
#include <optional>

#include "apps/gpt-dedup/near/lsh.hpp"
#include "apps/gpt-dedup/near/minhash.hpp"
#include "libcommon/cli/stop_signals.hpp"

namespace gpt::dedup {

BucketComparer::BucketComparer(const Known& known, const MinHashOptions& options)
    : known_(known),
      bands_(static_cast<std::size_t>(options.bands)),
      judge_(known.signatures, known.texts, options),
      representatives_(known.signatures, static_cast<std::size_t>(options.seeds)) {}

void BucketComparer::compare(std::span<const Row> bucket, std::size_t band, Comparisons& out) {
  // Texts without a shingle are like no other.
  if (has_no_shingle(known_.signatures.signature(bucket.front()))) return;
  if (bucket.size() > kSmallBucket)
    compare_with_representatives(bucket, band, out);
  else if (known_.pairs != nullptr)
    compare_all(bucket, band, out);
  else
    compare_apart(bucket, band, out);
}

// The documents of two rows, a before b. A pair counts as compared in the first band in which it meets.
BucketComparer::DocumentPair BucketComparer::meet(Row a, Row b, std::size_t band, Comparisons& out) const {
  const Signatures& signatures = known_.signatures;
  if (!meet_before(signatures.signature(a), signatures.signature(b), band, bands_)) ++out.compared;
  return {signatures.document(a), signatures.document(b)};
}

bool BucketComparer::similar(Row a, Row b, std::size_t band, Comparisons& out) {
  const DocumentPair documents = meet(a, b, band, out);
  const bool similar = known_.pairs != nullptr ? listed(documents, a, b, out) : judged(documents, a, b);
  if (similar && known_.groups.name(documents.first) != known_.groups.name(documents.second))
    out.similar.emplace_back(documents.first, documents.second);
  return similar;
}

// As the memory says, or the shingles.
bool BucketComparer::judged(const DocumentPair& documents, Row a, Row b) {
  if (!judge_.may_be_similar(a, b)) return false;
  if (const auto known = known_.memory.recall(documents.first, documents.second)) return *known;
  const bool similar = judge_.similar(a, b);
  known_.memory.remember(documents.first, documents.second, similar);
  return similar;
}

// As the list says, which grows where it says nothing.
bool BucketComparer::listed(const DocumentPair& documents, Row a, Row b, Comparisons& out) {
  const Pair asked{documents.first, documents.second, {}, {}};
  const auto found = std::lower_bound(known_.pairs->begin(), known_.pairs->end(), asked, stands_before);
  if (found != known_.pairs->end() && !stands_before(asked, *found)) return judge_.similar(*found);
  out.listed.push_back(judge_.compare(a, b));
  return judge_.similar(out.listed.back());
}

void BucketComparer::compare_all(std::span<const Row> bucket, std::size_t band, Comparisons& out) {
  for (std::size_t j = 1; j < bucket.size(); ++j) {
    cli::throw_if_stop_requested();
    for (std::size_t i = 0; i < j; ++i) similar(bucket[i], bucket[j], band, out);
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

void BucketComparer::compare_with_representatives(std::span<const Row> bucket, std::size_t band,
                                                  Comparisons& out) {
  representatives_.clear();
  for (const Row row : bucket) {
    cli::throw_if_stop_requested();
    std::optional<std::size_t> joined;  // the closest
    for (const Representatives::Candidate& candidate : representatives_.closest(row, kJudged))
      if (similar(candidate.row, row, band, out) && !joined) joined = candidate.position;
    if (joined)
      representatives_.grew(*joined);
    else
      representatives_.add(row);
  }
}

}  // namespace gpt::dedup
