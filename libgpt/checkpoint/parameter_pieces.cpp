#include "libgpt/checkpoint/parameter_pieces.hpp"

#include <algorithm>

namespace gpt::checkpoint {
namespace {

// Where a stretch of the flat buffer and a tensor in it overlap.
struct Overlap {
  std::size_t in_tensor = 0;   // first common element, counted in the rank's part of the tensor
  std::size_t in_stretch = 0;  // the same, counted in the stretch
  std::size_t count = 0;
};

Overlap overlap_of(const model::Parameter& parameter, std::size_t first, std::size_t count) {
  const std::size_t begin = std::max(first, parameter.offset);
  const std::size_t end = std::min(first + count, parameter.offset + parameter.count);
  if (begin >= end) return {};
  return {begin - parameter.offset, begin - first, end - begin};
}

}  // namespace

std::vector<TensorPiece> parameter_pieces(const model::ParameterLayout& layout, std::size_t first,
                                          PieceValues values) {
  const bool first_tensor_rank = layout.part().tensor_rank == 0;
  std::vector<TensorPiece> pieces;
  for (const auto& parameter : layout.parameters()) {
    if (parameter.tied_copy || (parameter.replicated() && !first_tensor_rank)) continue;
    const Overlap overlap = overlap_of(parameter, first, values.size());
    if (overlap.count == 0) continue;
    pieces.push_back({parameter.name, parameter.shape, parameter.part,
                      static_cast<std::int64_t>(overlap.in_tensor),
                      values.subspan(overlap.in_stretch, overlap.count)});
  }
  return pieces;
}

void read_parameters_or_throw(TensorSet& set, const model::ParameterLayout& layout, std::size_t first,
                              std::span<float> values) {
  for (const auto& parameter : layout.parameters()) {
    const Overlap overlap = overlap_of(parameter, first, values.size());
    if (overlap.count == 0) continue;
    set.read_part_or_throw(parameter.name, parameter.shape, parameter.part,
                           static_cast<std::int64_t>(overlap.in_tensor),
                           values.subspan(overlap.in_stretch, overlap.count));
  }
}

void read_parameters_or_throw(TensorSet& set, const model::ParameterLayout& layout, std::size_t first,
                              std::size_t count,
                              const std::function<void(std::size_t, std::span<const float>)>& take) {
  constexpr std::size_t kPiece = std::size_t{1} << 22;  // 16 MiB
  std::vector<float> values;
  for (std::size_t begin = first; begin < first + count; begin += kPiece) {
    values.assign(std::min(kPiece, first + count - begin), 0);
    read_parameters_or_throw(set, layout, begin, values);
    take(begin, values);
  }
}

}  // namespace gpt::checkpoint
