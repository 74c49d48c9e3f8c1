#include "apps/gpt-dedup/near/lsh.hpp"

#include <algorithm>
#include <memory>

#include <xxhash.h>

#include "libcommon/cli/stop_signals.hpp"

namespace gpt::dedup {
namespace {

std::span<const std::uint32_t> slice(std::span<const std::uint32_t> signature, std::size_t band,
                                     std::size_t bands) {
  const std::size_t rows = signature.size() / bands;
  return signature.subspan(band * rows, rows);
}

struct KeyedRow {
  std::uint64_t key;
  Row row;
};

}  // namespace

std::uint64_t band_key(std::span<const std::uint32_t> signature, std::size_t band, std::size_t bands) {
  const auto part = slice(signature, band, bands);
  return XXH3_64bits(part.data(), part.size_bytes());
}

Band::Band(const Signatures& signatures, std::size_t band, std::size_t bands) {
  std::vector<KeyedRow> keyed(signatures.size());
  for (std::size_t row = 0; row < keyed.size(); ++row) {
    const auto each = static_cast<Row>(row);
    keyed[row] = {band_key(signatures.signature(each), band, bands), each};
  }
  std::sort(keyed.begin(), keyed.end(), [](const KeyedRow& a, const KeyedRow& b) {
    return a.key != b.key ? a.key < b.key : a.row < b.row;
  });
  for (std::size_t begin = 0; begin < keyed.size();) {
    std::size_t end = begin + 1;
    while (end < keyed.size() && keyed[end].key == keyed[begin].key) ++end;
    if (end - begin > 1) {
      buckets_.push_back({rows_.size(), end - begin});
      for (std::size_t i = begin; i < end; ++i) rows_.push_back(keyed[i].row);
    }
    begin = end;
  }
  std::sort(buckets_.begin(), buckets_.end(),
            [&](const Range& a, const Range& b) { return rows_[a.begin] < rows_[b.begin]; });
}

std::function<std::optional<BucketBatch>()> SortedBuckets::of_band(std::size_t number) const {
  return [band = std::make_shared<const Band>(signatures_, number, bands_),
          next = std::size_t{0}]() mutable -> std::optional<BucketBatch> {
    if (next == band->size()) return std::nullopt;
    BucketBatch batch;
    for (; next < band->size() && batch.rows() < kRowsABatch; ++next) batch.add(band->bucket(next));
    return batch;
  };
}

std::vector<bool> candidates(const Buckets& buckets, std::size_t bands, const Signatures& signatures,
                             std::size_t documents) {
  std::vector<bool> wanted(documents);
  for (std::size_t band = 0; band < bands; ++band) {
    const auto next_batch = buckets.of_band(band);
    while (const auto batch = next_batch()) {
      cli::throw_if_stop_requested();
      for (std::size_t i = 0; i < batch->size(); ++i)
        for (const Row row : batch->bucket(i)) wanted[signatures.document(row)] = true;
    }
  }
  return wanted;
}

bool meet_before(std::span<const std::uint32_t> a, std::span<const std::uint32_t> b, std::size_t before,
                 std::size_t bands) {
  for (std::size_t band = 0; band < before; ++band) {
    const auto part = slice(a, band, bands);
    if (std::equal(part.begin(), part.end(), slice(b, band, bands).begin())) return true;
  }
  return false;
}

}  // namespace gpt::dedup
