#pragma once

#include <cstddef>
#include <functional>
#include <span>
#include <vector>

#include "libgpt/checkpoint/tensor_piece.hpp"
#include "libgpt/checkpoint/tensor_set.hpp"
#include "libgpt/model/parameter_layout.hpp"

namespace gpt::checkpoint {

// What a rank gives to a checkpoint of its flat buffer of weights or of a moment. values are elements
// [first, first + values.size()) of that buffer: all of it, a shard of the optimizer's state, or its share of
// what data-parallel ranks all hold. Left out is what another rank gives: the copy of wte on the last stage,
// and, but on the first tensor rank, tensors that all tensor ranks hold.
std::vector<TensorPiece> parameter_pieces(const model::ParameterLayout& layout, std::size_t first,
                                          PieceValues values);
// Of the whole buffer.
inline std::vector<TensorPiece> parameter_pieces(const model::ParameterLayout& layout, PieceValues buffer) {
  return parameter_pieces(layout, 0, buffer);
}

// Fills elements [first, first + values.size()) of a rank's flat buffer from the tensors of a set, whatever
// layout it was saved at; gaps between tensors are left alone. Throws io::DataError naming the first tensor
// that is missing or has another shape.
void read_parameters_or_throw(TensorSet& set, const model::ParameterLayout& layout, std::size_t first,
                              std::span<float> values);
inline void read_parameters_or_throw(TensorSet& set, const model::ParameterLayout& layout,
                                     std::span<float> buffer) {
  read_parameters_or_throw(set, layout, 0, buffer);
}
// Piece by piece, for a buffer that is not in the memory of the host: take(first, values) has elements
// [first, first + values.size()) of it, zeros in gaps.
void read_parameters_or_throw(TensorSet& set, const model::ParameterLayout& layout, std::size_t first,
                              std::size_t count,
                              const std::function<void(std::size_t, std::span<const float>)>& take);

}  // namespace gpt::checkpoint
