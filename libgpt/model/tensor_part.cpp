#include "libgpt/model/tensor_part.hpp"

#include <algorithm>

namespace gpt::model {

TensorPart whole_tensor(const std::vector<std::int64_t>& shape) {
  TensorPart part;
  part.columns = part.column_count = shape.back();
  for (std::size_t i = 0; i + 1 < shape.size(); ++i) part.rows *= shape[i];
  part.row_count = part.rows;
  return part;
}

Share share_of(std::int64_t count, std::int64_t size, std::int64_t index) {
  return {count * index / size, count * (index + 1) / size};
}

std::vector<Run> runs_of(const TensorPart& part, std::int64_t begin, std::int64_t end) {
  std::vector<Run> runs;
  for (std::int64_t local = begin; local < end;) {
    const std::int64_t row = local / part.local_columns();
    const std::int64_t column = local % part.local_columns();
    const std::int64_t within = column % part.column_count;
    const std::int64_t global = (part.first_row + row) * part.columns + part.first_column +
                                column / part.column_count * part.stretch_distance + within;
    const std::int64_t count = std::min(part.column_count - within, end - local);
    if (!runs.empty() && runs.back().global + runs.back().count == global) {
      runs.back().count += count;
    } else {
      runs.push_back({global, local, count});
    }
    local += count;
  }
  return runs;
}

std::int64_t count_before(const TensorPart& part, std::int64_t global) {
  const std::int64_t row = global / part.columns - part.first_row;
  if (row < 0) return 0;
  if (row >= part.row_count) return part.count();
  const std::int64_t column = global % part.columns - part.first_column;
  if (column <= 0) return row * part.local_columns();
  const std::int64_t stretch = part.stretches == 1 ? 0 : column / part.stretch_distance;
  if (stretch >= part.stretches) return (row + 1) * part.local_columns();
  const std::int64_t within = std::min(column - stretch * part.stretch_distance, part.column_count);
  return row * part.local_columns() + stretch * part.column_count + within;
}

}  // namespace gpt::model
