#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <stdexcept>
#include <string>

#include "libgpt/comm/communicator.hpp"
#include "libgpt/model/parameter_layout.hpp"
#include "libgpt/optim/bucket_plan.hpp"

namespace gpt::train {

// A loss or gradient stopped being a number; the weights are those before the step.
class NotFinite : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

// What a rank has at hand when a loss or gradient is not finite.
template <class T>
struct FiniteSearch {
  const model::ParameterLayout& layout;
  std::span<const T> weights;
  std::span<const tensor::SumOf<T>> gradients;
  const optim::ElementRanges& summed;  // gradients outside of these mean nothing
  double own_loss = 0;                 // of this rank's micro batches, 0 where it has none
};

// Where it began, as far as can be told: the first tensor of the model whose weights are not finite, else the
// last tensor whose gradient is not (a backward pass spreads it towards the first), else the rank whose loss
// is not. "transformer.h.2.mlp.c_fc.weight (layer 2) on rank 5". Collective; the same on all ranks.
template <class T>
std::string where_not_finite(comm::Communicator& world, const FiniteSearch<T>& search);

}  // namespace gpt::train
