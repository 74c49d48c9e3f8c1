#include "apps/gpt-dedup/lsh.hpp"

#include <algorithm>
#include <numeric>

#include <xxhash.h>

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

bool meet_before(std::span<const std::uint32_t> a, std::span<const std::uint32_t> b, std::size_t before,
                 std::size_t bands) {
  for (std::size_t band = 0; band < before; ++band) {
    const auto part = slice(a, band, bands);
    if (std::equal(part.begin(), part.end(), slice(b, band, bands).begin())) return true;
  }
  return false;
}

}  // namespace gpt::dedup
