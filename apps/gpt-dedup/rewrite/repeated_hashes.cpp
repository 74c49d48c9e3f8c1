#include "apps/gpt-dedup/rewrite/repeated_hashes.hpp"

#include <utility>

namespace gpt::dedup {
namespace {

constexpr std::size_t kFilterBits = std::size_t{1} << 29U;

}  // namespace

RepeatedHashes::RepeatedHashes() : seen_(kFilterBits / 64), slots_(1024) {}

void RepeatedHashes::note(std::uint64_t hash) {
  const std::uint64_t bit = hash & (kFilterBits - 1);
  std::uint64_t& word = seen_[bit / 64];
  const std::uint64_t mask = std::uint64_t{1} << (bit % 64);
  if ((word & mask) != 0)
    add(hash);
  else
    word |= mask;
}

std::size_t RepeatedHashes::slot_of(std::uint64_t hash) const {
  const std::size_t mask = slots_.size() - 1;
  // The upper bits: the lower ones chose the bit of the filter.
  std::size_t at = (hash >> 20U) & mask;
  while (slots_[at].hash != 0 && slots_[at].hash != hash) at = (at + 1) & mask;
  return at;
}

void RepeatedHashes::add(std::uint64_t hash) {
  const std::size_t at = slot_of(hash);
  if (slots_[at].hash == hash) return;
  slots_[at].hash = hash;
  if (2 * ++filled_ <= slots_.size()) return;
  std::vector<Slot> old(2 * slots_.size());
  std::swap(old, slots_);
  for (const Slot& slot : old)
    if (slot.hash != 0) slots_[slot_of(slot.hash)] = slot;
}

}  // namespace gpt::dedup
