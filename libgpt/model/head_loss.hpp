#pragma once

#include <cstdint>
#include <span>

#include "libgpt/model/tensor_group.hpp"
#include "libgpt/ops/vocabulary_cross_entropy.hpp"
#include "libgpt/tensor/arena.hpp"

namespace gpt::model {

// Cross entropy of rows of logits, of which each rank of a tensor group has the columns of its share of the
// vocabulary; losses [rows] come out the same on all ranks. What passes between ranks is three numbers a row.
template <class T>
void row_losses(const TensorGroup& group, const ops::VocabularyShare& share, std::span<const T> logits,
                std::span<const tensor::Beside<T, std::int32_t>> targets,
                std::span<tensor::Beside<T, double>> losses, tensor::Arena& scratch);

// As above, and the logits become their gradient, weight of the row * (softmax - one_hot(target)).
template <class T>
void row_losses_and_gradient(const TensorGroup& group, const ops::VocabularyShare& share, std::span<T> logits,
                             std::span<const tensor::Beside<T, std::int32_t>> targets,
                             const ops::RowWeights<T>& weights, std::span<tensor::Beside<T, double>> losses,
                             tensor::Arena& scratch);

}  // namespace gpt::model
