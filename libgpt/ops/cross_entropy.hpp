#pragma once

#include <cstdint>
#include <span>

namespace gpt::ops {

// Softmax cross entropy of logits [rows, vocabulary] against targets [rows]. losses [rows] receives
// -log softmax(logits)[target], in nats. Targets must lie in the vocabulary.
template <class T>
void cross_entropy_forward(std::int64_t rows, std::int64_t vocabulary, std::span<const T> logits,
                           std::span<const std::int32_t> targets, std::span<double> losses);

// As above, and each row of logits becomes its gradient: weights[row] * (softmax - one_hot(target)). A row of
// weight 0 (masked) gets the gradient 0.
template <class T>
void cross_entropy_backward(std::int64_t rows, std::int64_t vocabulary, std::span<T> logits,
                            std::span<const std::int32_t> targets, std::span<const T> weights,
                            std::span<double> losses);

}  // namespace gpt::ops
