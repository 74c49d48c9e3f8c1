#pragma once

#include <cstdint>
#include <vector>

namespace gpt::model {

// The part of a logical tensor that one rank holds: some of its rows, and of each row the same columns, in
// one or three equal stretches (a tensor rank's heads of Q, of K and of V). The tensor is seen as
// [rows, columns], a vector as one row. The rank holds its elements packed, row after row.
struct TensorPart {
  std::int64_t rows = 1, columns = 1;  // of the whole tensor
  std::int64_t first_row = 0, row_count = 1;
  std::int64_t first_column = 0, column_count = 1;  // of the first stretch
  std::int64_t stretches = 1;
  std::int64_t stretch_distance = 0;  // columns from the start of one stretch to the next

  std::int64_t local_columns() const { return stretches * column_count; }
  std::int64_t count() const { return row_count * local_columns(); }
  bool is_whole() const { return count() == rows * columns; }
  friend bool operator==(const TensorPart&, const TensorPart&) = default;
};

TensorPart whole_tensor(const std::vector<std::int64_t>& shape);

// Index `index` of `size` equal shares of `count`, as even as whole numbers allow.
struct Share {
  std::int64_t begin = 0, end = 0;
  std::int64_t count() const { return end - begin; }
};
Share share_of(std::int64_t count, std::int64_t size, std::int64_t index);

// Elements that follow each other both in the whole tensor (row-major) and in the part.
struct Run {
  std::int64_t global = 0;  // first element, counted in the whole tensor
  std::int64_t local = 0;   // the same element, counted in the part
  std::int64_t count = 0;
  friend bool operator==(const Run&, const Run&) = default;
};

// The runs that make up elements [begin, end) of a part, in order; as few and as long as they can be.
std::vector<Run> runs_of(const TensorPart& part, std::int64_t begin, std::int64_t end);
inline std::vector<Run> runs_of(const TensorPart& part) { return runs_of(part, 0, part.count()); }

// How many elements of a part lie before element `global` of the whole tensor. So the elements of a stretch
// of the whole tensor follow each other in a part as well.
std::int64_t count_before(const TensorPart& part, std::int64_t global);

}  // namespace gpt::model
