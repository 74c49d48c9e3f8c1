#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "libgpt/checkpoint/save.hpp"
#include "libgpt/checkpoint/tensor_piece.hpp"
#include "libgpt/comm/communicator.hpp"

namespace gpt::checkpoint {

// The sets of tensors that a checkpoint holds, each under the names of the weights.
inline constexpr std::array<const char*, 3> kSetStems = {"model", "optimizer/exp_avg",
                                                         "optimizer/exp_avg_sq"};
inline const std::vector<TensorPiece>& pieces_of(const CheckpointContent& content, std::size_t set) {
  return set == 0 ? content.weights : set == 1 ? content.exp_avg : content.exp_avg_sq;
}

// A piece that some rank gives: elements [first, first + count) of a part.
struct Contribution {
  int rank = 0;
  std::size_t piece = 0;  // which of that rank's pieces of the set
  model::TensorPart part;
  std::int64_t first = 0, count = 0;
};

// A safetensors file to write: tensors [first, first + count) of a set.
struct PlannedFile {
  std::string name;  // "optimizer/exp_avg.safetensors"
  std::size_t set = 0;
  std::size_t first = 0, count = 0;
  tensor::DType type = tensor::DType::f32;
  int writer = 0;  // the rank that writes it
};

// Who gives what and who writes what: the same on all ranks.
struct WritePlan {
  std::vector<LogicalTensor> tensors;  // of each set, in the order of the files
  std::vector<PlannedFile> files;
  // contributions[set][tensor], by rank
  std::array<std::vector<std::vector<Contribution>>, kSetStems.size()> contributions;

  std::span<const LogicalTensor> tensors_of(const PlannedFile& file) const {
    return std::span(tensors).subspan(file.first, file.count);
  }
  bool saves_set(std::size_t set) const { return !contributions[set].empty(); }
  bool saves_moments() const { return saves_set(1); }
};

// Which pieces every rank has, passed around; the tensors cut into files; the files shared out among ranks.
// Moments are saved when any rank gives a piece of them. Throws SaveError on all ranks when a piece is of a
// tensor that the model does not have, or not of its shape. Collective.
WritePlan make_write_plan_or_throw(comm::Communicator& world, const CheckpointContent& content,
                                   const SaveOptions& options);

// Each rank looks at the tensors it is to write; throws SaveError on all ranks, naming tensor, element and
// ranks, unless every element of each tensor is given exactly once. Collective.
void check_coverage_or_throw(comm::Communicator& world, const WritePlan& plan);

}  // namespace gpt::checkpoint
