#pragma once

#include <algorithm>
#include <cstdint>
#include <vector>

namespace gpt::dedup {

// Groups of documents that grow together (union-find). A group is named by its least member, so the groups
// depend on what was united and not on the order of it. Memory: 4 bytes a document.
class DisjointSets {
 public:
  void add() { parents_.push_back(static_cast<std::uint32_t>(parents_.size())); }
  std::size_t size() const { return parents_.size(); }

  std::uint32_t find(std::uint32_t member) {
    while (parents_[member] != member) {
      parents_[member] = parents_[parents_[member]];  // halves the path
      member = parents_[member];
    }
    return member;
  }

  void unite(std::uint32_t a, std::uint32_t b) {
    const std::uint32_t root_a = find(a);
    const std::uint32_t root_b = find(b);
    parents_[std::max(root_a, root_b)] = std::min(root_a, root_b);
  }

  // Afterwards, until the next unite, name() gives any member's group and several threads may call it.
  void flatten() {
    // Ascending: a member's parent already points at its root.
    for (std::uint32_t& parent : parents_) parent = parents_[parent];
  }
  std::uint32_t name(std::uint32_t member) const { return parents_[member]; }
  // The same of all members.
  const std::vector<std::uint32_t>& names() const { return parents_; }

 private:
  std::vector<std::uint32_t> parents_;  // never greater than the member
};

}  // namespace gpt::dedup
