#pragma once

#include <cstdint>
#include <span>

#include "libgpt/tensor/element.hpp"

namespace gpt::ops {

// Softmax cross entropy of logits [rows, vocabulary] against targets [rows]. losses [rows] receives
// -log softmax(logits)[target], in nats. Targets must lie in the vocabulary.
template <class T>
void cross_entropy_forward(std::int64_t rows, std::int64_t vocabulary, std::span<const T> logits,
                           std::span<const tensor::Beside<T, std::int32_t>> targets,
                           std::span<tensor::Beside<T, double>> losses);

// What the loss of each row counts: scale times the mask of the row.
template <class T>
struct RowWeights {
  std::span<const tensor::Beside<T, float>> mask;  // [rows], or empty: 1 for all
  double scale = 1;

  // Of rows [first, first + count).
  RowWeights rows(std::size_t first, std::size_t count) const {
    return {mask.empty() ? mask : mask.subspan(first, count), scale};
  }
};

// As above, and each row of logits becomes its gradient: weight of the row * (softmax - one_hot(target)). A
// row of weight 0 (masked) gets the gradient 0.
template <class T>
void cross_entropy_backward(std::int64_t rows, std::int64_t vocabulary, std::span<T> logits,
                            std::span<const tensor::Beside<T, std::int32_t>> targets,
                            const RowWeights<T>& weights, std::span<tensor::Beside<T, double>> losses);

// Adds to sum [2] the losses of all rows times their mask, and the sum of the mask; always in the same order.
template <class T>
void add_masked_losses(std::span<const tensor::Beside<T, double>> losses,
                       std::span<const tensor::Beside<T, float>> mask,
                       std::span<tensor::Beside<T, double>> sum);

}  // namespace gpt::ops
