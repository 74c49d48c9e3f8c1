#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace gpt::text {

// Where the features of a model are: a perfect hash of their ids, so that a look-up reads two numbers and
// takes no branch. Its first table holds, for all ids of the same upper bits, by what number (their pilot)
// each of them finds a place of its own in the second.
class FeatureTable {
 public:
  // ids: no two the same.
  explicit FeatureTable(std::span<const std::uint32_t> ids);

  // How many places there are; a quarter of them at least is empty.
  std::size_t size() const { return ids_.size(); }
  // Where the feature would be.
  std::uint32_t place_of(std::uint32_t id) const { return place_by(id, pilots_[id >> bucket_shift_]); }
  // Whether it is there.
  bool holds(std::uint32_t place, std::uint32_t id) const { return ids_[place] == id; }

 private:
  using Pilot = std::uint16_t;

  std::uint32_t place_by(std::uint32_t id, Pilot pilot) const {
    return ((id ^ (pilot * 0x9E3779B9u)) * 0x85EBCA6Bu) >> place_shift_;
  }
  bool fill(std::span<const std::uint32_t> ids);
  bool settle(std::span<const std::uint32_t> bucket, std::vector<bool>& taken);
  void mark_empty(const std::vector<bool>& taken);

  unsigned bucket_shift_ = 31;
  unsigned place_shift_ = 31;
  std::vector<Pilot> pilots_;
  std::vector<std::uint32_t> ids_;  // by place; in an empty one an id whose place is another
};

}  // namespace gpt::text
