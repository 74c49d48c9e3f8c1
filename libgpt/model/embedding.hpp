#pragma once

#include <span>

#include "libgpt/model/parameter_layout.hpp"
#include "libgpt/model/pass.hpp"
#include "libgpt/model/resident_batch.hpp"
#include "libgpt/tensor/arena.hpp"

namespace gpt::model {

// stream = dropout(wte[token] + wpe[position]). Each rank of a tensor group looks up the tokens of its share
// of the vocabulary, rank 0 adds the positions, and the sum over ranks is the embedding.
template <class T>
void embed(const Pass<T>& pass, const ParameterLayout& layout, std::span<const T> weights,
           const ResidentBatch<T>& batch, std::span<T> stream, tensor::Arena& scratch);

// Adds the gradients of wte and of wpe. stream: in, the gradient of the output; it is used up.
template <class T>
void embed_backward(const Pass<T>& pass, const ParameterLayout& layout, const ResidentBatch<T>& batch,
                    std::span<T> stream, std::span<tensor::SumOf<T>> gradients, tensor::Arena& scratch);

}  // namespace gpt::model
