#include "libcommon/text/feature_table.hpp"

#include <algorithm>
#include <bit>
#include <limits>

namespace gpt::text {

FeatureTable::FeatureTable(std::span<const std::uint32_t> ids) {
  const std::size_t buckets = std::bit_ceil(std::max<std::size_t>(2, ids.size() / 4));
  bucket_shift_ = 32 - static_cast<unsigned>(std::countr_zero(buckets));
  pilots_.resize(buckets);
  std::size_t places = std::bit_ceil(std::max<std::size_t>(2, ids.size() + ids.size() / 3));
  do {
    place_shift_ = 32 - static_cast<unsigned>(std::countr_zero(places));
    ids_.assign(places, 0);
    places *= 2;
  } while (!fill(ids));
}

// Buckets of many ids first, while there is room.
bool FeatureTable::fill(std::span<const std::uint32_t> ids) {
  std::vector<std::uint32_t> sorted(ids.begin(), ids.end());
  std::sort(sorted.begin(), sorted.end());
  std::vector<std::span<const std::uint32_t>> buckets;
  for (auto first = sorted.cbegin(); first != sorted.cend();) {
    const auto last = std::find_if(first, sorted.cend(), [&](std::uint32_t id) {
      return id >> bucket_shift_ != *first >> bucket_shift_;
    });
    buckets.emplace_back(first, last);
    first = last;
  }
  std::stable_sort(buckets.begin(), buckets.end(),
                   [](const auto& a, const auto& b) { return a.size() > b.size(); });
  std::vector<bool> taken(ids_.size());
  for (const auto& bucket : buckets) {
    if (!settle(bucket, taken)) return false;
  }
  mark_empty(taken);
  return true;
}

// Gives the ids of a bucket the first pilot that leads each of them to a place of its own.
bool FeatureTable::settle(std::span<const std::uint32_t> bucket, std::vector<bool>& taken) {
  for (std::size_t pilot = 0; pilot <= std::numeric_limits<Pilot>::max(); ++pilot) {
    std::size_t settled = 0;
    for (; settled < bucket.size(); ++settled) {
      const std::uint32_t place = place_by(bucket[settled], static_cast<Pilot>(pilot));
      if (taken[place]) break;
      taken[place] = true;
      ids_[place] = bucket[settled];
    }
    if (settled == bucket.size()) {
      pilots_[bucket.front() >> bucket_shift_] = static_cast<Pilot>(pilot);
      return true;
    }
    while (settled > 0) taken[place_by(bucket[--settled], static_cast<Pilot>(pilot))] = false;
  }
  return false;
}

void FeatureTable::mark_empty(const std::vector<bool>& taken) {
  for (std::uint32_t place = 0; place < ids_.size(); ++place) {
    if (taken[place]) continue;
    std::uint32_t id = 0;
    while (place_of(id) == place) ++id;
    ids_[place] = id;
  }
}

}  // namespace gpt::text
