#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "apps/gpt-dedup/exact.hpp"

namespace gpt::dedup {

enum class RepeatUnit {
  lines,
  paragraphs,  // what blank lines part
};

// A line or paragraph of a text.
struct TextUnit {
  std::size_t begin = 0;
  std::size_t end = 0;    // of what it says
  std::size_t after = 0;  // begin of the next one: line ends and blank lines go with the unit before them
};

// The units of a text, in order; together they are all of it. Blank lines at the beginning are a unit that
// says nothing.
std::vector<TextUnit> split_units(std::string_view text, RepeatUnit unit);

// The text without the units that are not kept; line ends are taken off at its end when the last one went.
std::string without_units(std::string_view text, const std::vector<TextUnit>& units,
                          const std::vector<bool>& kept);

// Finds the units that are counted as repeats: a hash of each, in which case and white space do not count; 0
// for one shorter than least_characters, which may stand anywhere. One a thread.
class UnitHasher {
 public:
  UnitHasher(RepeatUnit unit, std::size_t least_characters)
      : unit_(unit), least_characters_(least_characters) {}
  struct HashedUnits {
    std::vector<TextUnit> units;
    std::vector<std::uint64_t> hashes;
  };
  HashedUnits hashed(std::string_view text);

 private:
  RepeatUnit unit_;
  std::size_t least_characters_;
  TextDigester digester_;
};

// Which hashes come more than once. Memory: 64 MiB, and 24 to 48 bytes for each that does.
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
