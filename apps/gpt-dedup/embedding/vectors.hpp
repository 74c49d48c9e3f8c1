#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

namespace gpt::dedup {

// Vectors of equal length, each of Euclidean norm 1, or 0 where there is nothing to norm. Memory: 4 bytes a
// number.
class VectorTable {
 public:
  // rows: as many as are expected.
  VectorTable(std::size_t dimensions, std::size_t rows);

  std::size_t dimensions() const { return dimensions_; }
  std::size_t size() const { return size_; }
  // Norms it. vector: `dimensions` finite numbers.
  void add(std::span<const float> vector);
  std::span<const float> row(std::size_t i) const { return {values_.data() + i * stride_, dimensions_}; }

  // For kernels: rows begin `stride` numbers apart, what is beyond the dimensions is 0.
  std::size_t stride() const { return stride_; }
  const float* data() const { return values_.data(); }

 private:
  std::size_t dimensions_;
  std::size_t stride_;
  std::size_t size_ = 0;
  std::vector<float> values_;
};

struct CosinePair {
  std::uint32_t first = 0;  // rows, first < second
  std::uint32_t second = 0;
  float cosine = 0;
  bool operator==(const CosinePair&) const = default;
};

// Which pairs are wanted of those whose cosine is `least` or more: all of them, or enough to know which rows
// hang together.
enum class PairsWanted { all, connecting };

// As any search gives it, the same bits.
float cosine_of_rows(const VectorTable& table, std::size_t a, std::size_t b);

// Above it cosines of float32 tell nothing apart: those of vectors of one direction miss 1 by rounding, by a
// few millionths where they have thousands of numbers.
inline constexpr double kMostTelling = 0.99999;

// Keeps what a search finds.
class CosinePairs {
 public:
  // least: one above kMostTelling is taken for that. Throws std::length_error where a row's number does not
  // fit a CosinePair.
  CosinePairs(std::size_t rows, double least, PairsWanted wanted);

  bool is_like(float cosine) const { return cosine >= least_; }
  // first < second. With PairsWanted::connecting, what is known to hang together is not kept again.
  void add_if_like(std::size_t first, std::size_t second, float cosine);
  // What was kept since the last call; with PairsWanted::all ordered by second and first.
  std::vector<CosinePair> take();

 private:
  std::uint32_t root_of(std::uint32_t row);

  float least_;
  PairsWanted wanted_;
  std::vector<CosinePair> pairs_;
  std::vector<std::uint32_t> parents_;  // with PairsWanted::connecting
};

// Compares all pairs of rows, block by block; each pair once, in the same arithmetic whatever the threads.
// One a thread: what one has found to hang together it does not report again.
class CosineSearch {
 public:
  CosineSearch(const VectorTable& table, double least, PairsWanted wanted);

  // Blocks of rows that a table has.
  static std::size_t blocks(const VectorTable& table);
  // The pairs whose second row is in the block, ordered by second and first.
  std::vector<CosinePair> pairs_of_block(std::size_t block);

 private:
  void enter(std::size_t first, std::size_t second, float cosine);

  const VectorTable& table_;
  CosinePairs found_;
};

}  // namespace gpt::dedup
