#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

namespace gpt::dedup {

// Which hashes, none of them 0, come more than once. Memory: 64 MiB, and 24 to 48 bytes for each that does.
class RepeatedHashes {
 public:
  RepeatedHashes();

  // First pass, over every hash: notes those that came before. A few that come once are noted as well: the
  // filter that tells has 2^29 bits.
  void note(std::uint64_t hash);
  bool noted(std::uint64_t hash) const { return slots_[slot_of(hash)].hash == hash; }

  // Second pass, in order, over noted hashes: how often this one has come before. Counts it.
  std::uint32_t times_before(std::uint64_t hash) { return slots_[slot_of(hash)].times++; }

 private:
  struct Slot {
    std::uint64_t hash = 0;  // 0: empty
    std::uint32_t times = 0;
  };
  std::size_t slot_of(std::uint64_t hash) const;
  void add(std::uint64_t hash);

  std::vector<std::uint64_t> seen_;  // a bit for each value of a hash's lower bits
  std::vector<Slot> slots_;
  std::size_t filled_ = 0;
};

}  // namespace gpt::dedup
