#pragma once

#include <algorithm>
#include <atomic>
#include <bit>
#include <cstdint>
#include <memory>
#include <optional>

#include "apps/gpt-dedup/near/signatures.hpp"

namespace gpt::dedup {

// What was found out about pairs of documents, as far as there is room: a later pair takes the place of an
// earlier one. So it saves work and changes no answer. Several threads may use it.
// Memory: 32 to 64 bytes a document, between 4 and 64 MiB.
class PairMemory {
 public:
  explicit PairMemory(std::size_t documents)
      : slots_(std::bit_ceil(std::clamp(4 * documents, std::size_t{1} << 19, std::size_t{1} << 23))),
        known_(std::make_unique<std::atomic<std::uint64_t>[]>(slots_)) {}

  // Whether the pair is similar, if that is remembered. a < b; nothing is where b takes more than 31 bits.
  std::optional<bool> recall(DocumentId a, DocumentId b) const {
    if (b >> 31U != 0) return std::nullopt;
    const std::uint64_t known = known_[slot_of(a, b)].load(std::memory_order_relaxed);
    if (known >> 1U != number_of(a, b)) return std::nullopt;
    return (known & 1U) != 0;
  }
  void remember(DocumentId a, DocumentId b, bool similar) {
    if (b >> 31U != 0) return;
    known_[slot_of(a, b)].store(number_of(a, b) << 1U | (similar ? 1U : 0U), std::memory_order_relaxed);
  }

 private:
  static std::uint64_t number_of(DocumentId a, DocumentId b) { return std::uint64_t{a} << 31U | b; }
  std::size_t slot_of(DocumentId a, DocumentId b) const {
    return static_cast<std::size_t>((number_of(a, b) * 0x9E3779B97F4A7C15) >> 32U) & (slots_ - 1);
  }

  std::size_t slots_;
  std::unique_ptr<std::atomic<std::uint64_t>[]> known_;  // 0: nothing, since no document pairs with itself
};

}  // namespace gpt::dedup
