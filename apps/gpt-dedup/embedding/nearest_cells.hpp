#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

#include "apps/gpt-dedup/embedding/vectors.hpp"

namespace gpt::dedup {

// Whether this build can find nearest cells (FAISS).
bool nearest_cells_available();

// Cells that the space of a table's vectors falls into, each around a row of the table, and a graph by which
// the cells near a row are found without looking at all of them (HNSW of Malkov and Yashunin 2016, as FAISS
// has it). The same cells from the same table: they are taken from it by number, and the graph is made on one
// thread.
class NearestCells {
 public:
  static constexpr std::size_t kRowsPerCell = 64;
  static constexpr std::size_t kNearest = 16;
  static constexpr std::uint32_t kNone = 0xFFFFFFFF;

  // Throws std::runtime_error where the build has no FAISS.
  explicit NearestCells(const VectorTable& table);
  ~NearestCells();

  std::size_t size() const;
  // Of each row from begin to end its kNearest cells, the nearest first, or kNone where none is left. Any
  // thread may call it.
  std::vector<std::uint32_t> find(std::size_t begin, std::size_t end) const;

 private:
  class Graph;
  const VectorTable& table_;
  std::unique_ptr<Graph> graph_;
};

}  // namespace gpt::dedup
