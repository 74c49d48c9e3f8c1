#pragma once

#include <cstdint>
#include <span>

#include "libgpt/ops/philox.hpp"

namespace gpt::ops {

// Tokens [rows] with their positions [rows] in a sequence; a row is one token.
struct EmbeddingShape {
  std::int64_t rows, hidden, vocabulary, positions;
  // The token of the token table's first row. The table may hold a part of the vocabulary: tokens outside
  // count as rows of zeros (vocabulary-parallel embedding; the sum over ranks is the embedding).
  std::int64_t first_token = 0;
};

// y[row] = token_table[tokens[row]] + position_table[positions[row]]; without a position table (empty), the
// first alone. Every token must lie in the vocabulary and every position in its table: the model checks its
// batch once, before any op.
template <class T>
void embedding_forward(const EmbeddingShape& shape, std::span<const std::int32_t> tokens,
                       std::span<const std::int32_t> positions, std::span<const T> token_table,
                       std::span<const T> position_table, std::span<T> y);

// Adds dy to the rows of both tables' gradients, in the order of the batch. d_position_table is not optional.
template <class T>
void embedding_backward(const EmbeddingShape& shape, std::span<const std::int32_t> tokens,
                        std::span<const std::int32_t> positions, std::span<const T> dy,
                        std::span<T> d_token_table, std::span<T> d_position_table);

}  // namespace gpt::ops
