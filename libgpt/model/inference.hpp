#pragma once

#include <cstdint>
#include <span>

#include "libgpt/model/inference_batch.hpp"
#include "libgpt/model/kv_cache.hpp"
#include "libgpt/model/parameter_layout.hpp"
#include "libgpt/model/pass.hpp"
#include "libgpt/tensor/arena.hpp"
#include "libgpt/tensor/element.hpp"

// A batch of new tokens through a part of a model, against the keys and values of the tokens before them.
namespace gpt::model {

// A placed batch in the memory that the part computes in.
template <class T>
struct InferenceRows {
  std::span<const tensor::Beside<T, std::int32_t>> tokens, slots, positions, wanted;
  std::int64_t most_rows = 0, most_keys = 0;
};

// On the host its arrays are those of the batch; to a device they go in one transfer.
template <class T>
InferenceRows<T> inference_rows(const PlacedBatch& batch, tensor::Arena& arena);

// The pass of a batch of so many tokens.
template <class T>
Pass<T> inference_pass(const ModelConfig& config, const TensorGroup& tensor, std::size_t tokens) {
  return {config, tensor, Mode::evaluation, 0, 1, static_cast<std::int64_t>(tokens), {}, {}};
}

// stream [tokens, hidden] becomes the embeddings of the rows.
template <class T>
void infer_embedding(const Pass<T>& pass, const ParameterLayout& layout, std::span<const T> weights,
                     const InferenceRows<T>& rows, std::span<T> stream, tensor::Arena& scratch);

// The stream through all layers of the part, in place. Their keys and values are appended to the cache.
template <class T>
void infer_blocks(const Pass<T>& pass, const ParameterLayout& layout, std::span<const T> weights,
                  const InferenceRows<T>& rows, std::span<T> stream, KvCache<T>& cache,
                  tensor::Arena& scratch);

// Logits [wanted, the rank's share of the vocabulary] from the arena.
template <class T>
std::span<T> infer_logits(const Pass<T>& pass, const ParameterLayout& layout, std::span<const T> weights,
                          const InferenceRows<T>& rows, std::span<const T> stream, tensor::Arena& arena);

}  // namespace gpt::model
