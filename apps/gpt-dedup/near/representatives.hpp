#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "apps/gpt-dedup/near/signatures.hpp"

namespace gpt::dedup {

// The first rows of the groups of one large bucket: those of the kMost groups that last grew in it. Tells
// which of them a further row agrees with the most, without looking at most of their signatures: their
// numbers' lowest bytes lie side by side, and agree wherever the numbers do. Memory: 260 bytes a seed at
// most.
class Representatives {
 public:
  static constexpr std::size_t kMost = 256;

  struct Candidate {
    Row row;
    std::size_t agreeing;  // seeds
    std::size_t position;  // until the next add or grew
  };

  // signatures: of `seeds` numbers each.
  Representatives(const Signatures& signatures, std::size_t seeds);

  void clear() { order_.clear(); }
  // The `most` that agree with the row the most, these first; among equals those that grew later.
  std::vector<Candidate> closest(Row row, std::size_t most);
  // The row founds a group; where there are kMost, the one that grew longest ago is forgotten.
  void add(Row row);
  // The group of a candidate grew.
  void grew(std::size_t position);

 private:
  struct Entry {
    Row row;
    std::size_t slot;  // where its bytes lie
  };
  void copy_bytes(Row row, std::uint8_t* bytes) const;

  const Signatures& signatures_;
  std::size_t seeds_;
  std::size_t stride_;
  std::vector<std::uint8_t> bytes_;    // by slot
  std::vector<std::uint8_t> asked_;    // scratch
  std::vector<std::uint32_t> bounds_;  // scratch, by slot
  std::vector<Entry> order_;           // the group that grew last in front
};

}  // namespace gpt::dedup
