#pragma once

#include <cstdint>
#include <span>

#include "libgpt/ops/cross_entropy.hpp"
#include "libgpt/tensor/element.hpp"

namespace gpt::ops {

// Softmax cross entropy where each rank has the columns of a share of the vocabulary. Every rank makes the
// parts of its own columns; the parts of all ranks together give the losses, and with them each rank makes
// the gradient of its columns.
struct VocabularyShare {
  std::int64_t rows, columns;
  std::int64_t first_token;  // of the first column
};

// What a share knows of a row.
template <class V>
struct CrossEntropyPart {
  V largest = 0;
  V sum = 0;     // of exp(x - largest)
  V target = 0;  // the target's logit, or 0 where another share has it
};
// Of logits of type T, where they are.
template <class T>
using CrossEntropyPartOf = tensor::Beside<T, CrossEntropyPart<tensor::ValueOf<tensor::SumOf<T>>>>;

// logits [rows, columns], targets [rows]; parts [rows].
template <class T>
void cross_entropy_parts(const VocabularyShare& share, std::span<const T> logits,
                         std::span<const tensor::Beside<T, std::int32_t>> targets,
                         std::span<CrossEntropyPartOf<T>> parts);

// As above, and each logit x becomes exp(x - largest of its row and share).
template <class T>
void cross_entropy_parts_in_place(const VocabularyShare& share, std::span<T> logits,
                                  std::span<const tensor::Beside<T, std::int32_t>> targets,
                                  std::span<CrossEntropyPartOf<T>> parts);

// parts [shares, rows] of all; losses [rows] receives -log softmax(logits)[target], in nats, and sums [rows]
// the whole row's largest logit and sum (its target is not set).
template <class T>
void combine_cross_entropy(std::int64_t rows, std::span<const CrossEntropyPartOf<T>> parts,
                           std::span<tensor::Beside<T, double>> losses,
                           std::span<CrossEntropyPartOf<T>> sums);

// exponentials [rows, columns], as cross_entropy_parts_in_place left them, become the gradient: weight of the
// row * (softmax - one_hot(target)). own: this share's parts.
template <class T>
void vocabulary_cross_entropy_backward(const VocabularyShare& share, std::span<T> exponentials,
                                       std::span<const tensor::Beside<T, std::int32_t>> targets,
                                       const RowWeights<T>& weights,
                                       std::span<const CrossEntropyPartOf<T>> own,
                                       std::span<const CrossEntropyPartOf<T>> sums);

}  // namespace gpt::ops
