#pragma once

#include <cstdint>
#include <span>

#include "libgpt/tensor/element.hpp"

namespace gpt::ops {

// Tokens [rows] with their positions [rows] in a sequence; a row is one token.
struct EmbeddingShape {
  std::int64_t rows, hidden, vocabulary, positions;
  // The token of the token table's first row. The table may hold a part of the vocabulary: tokens outside
  // count as rows of zeros (vocabulary-parallel embedding; the sum over ranks is the embedding).
  std::int64_t first_token = 0;
};

// The tokens of a micro batch and their positions.
template <class T>
struct EmbeddingRows {
  std::span<const tensor::Beside<T, std::int32_t>> tokens, positions;
  // Rows by token and by position, those of one in the order of the batch. Only the backward pass on a device
  // needs them; else empty.
  std::span<const tensor::Beside<T, std::int32_t>> by_token, by_position;
};

// y[row] = token_table[tokens[row]] + position_table[positions[row]]; without a position table (empty), the
// first alone. Every token must lie in the vocabulary and every position in its table: the model checks its
// batch once, before any op.
template <class T>
void embedding_forward(const EmbeddingShape& shape, const EmbeddingRows<T>& rows,
                       std::span<const T> token_table, std::span<const T> position_table, std::span<T> y);

// Adds dy to the rows of both tables' gradients, in the order of the batch. d_position_table is not optional.
template <class T>
void embedding_backward(const EmbeddingShape& shape, const EmbeddingRows<T>& rows, std::span<const T> dy,
                        std::span<tensor::SumOf<T>> d_token_table,
                        std::span<tensor::SumOf<T>> d_position_table);

}  // namespace gpt::ops
