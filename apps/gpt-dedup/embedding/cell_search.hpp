#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "apps/gpt-dedup/embedding/vectors.hpp"

namespace gpt::dedup {

// Rows by the cells that they are near to. A row is a member of the cell it is nearest to, and a visitor of
// the other cells that it is near to.
class Cells {
 public:
  // nearest: of each row `width` cells, the nearest first; numbers from `cells` on are none.
  Cells(std::size_t cells, std::size_t width, std::vector<std::uint32_t> nearest);

  std::size_t size() const { return cells_; }
  std::span<const std::uint32_t> members(std::size_t cell) const { return members_.of(cell); }
  std::span<const std::uint32_t> visitors(std::size_t cell) const { return visitors_.of(cell); }
  std::uint32_t home(std::uint32_t row) const { return nearest_[row * width_]; }
  bool is_near(std::uint32_t row, std::uint32_t cell) const;
  // A pair whose rows visit each other's cells counts twice.
  std::uint64_t comparisons() const;

 private:
  struct Lists {
    std::vector<std::size_t> begins;
    std::vector<std::uint32_t> rows;
    std::span<const std::uint32_t> of(std::size_t list) const {
      return std::span(rows).subspan(begins[list], begins[list + 1] - begins[list]);
    }
  };
  // The rows of each cell that is among the places from first to last of their nearest.
  Lists lists_of(std::size_t first, std::size_t last) const;

  std::size_t cells_;
  std::size_t width_;
  std::vector<std::uint32_t> nearest_;
  Lists members_;
  Lists visitors_;
};

// Compares the members of a cell with each other and with its visitors: what it finds are pairs of
// CosineSearch with the same cosines, but not all of them. One a thread.
class CellSearch {
 public:
  CellSearch(const VectorTable& table, const Cells& cells, double least, PairsWanted wanted);

  // Each pair comes of one cell only.
  std::vector<CosinePair> pairs_of_cell(std::size_t cell);

 private:
  void gather(std::span<const std::uint32_t> rows, std::size_t multiple, std::vector<float>& out) const;
  // left: up to kLeftRows rows; members: the first ones of the cell.
  void compare(std::span<const std::uint32_t> left, std::span<const std::uint32_t> members,
               std::uint32_t cell);
  void enter(std::uint32_t row, std::uint32_t member, float cosine, std::uint32_t cell);

  const VectorTable& table_;
  const Cells& cells_;
  CosinePairs found_;
  std::vector<float> left_;
  std::vector<float> member_rows_;
};

}  // namespace gpt::dedup
