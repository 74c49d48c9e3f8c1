#pragma once

#include <cstdint>
#include <span>

#include "libgpt/model/kv_cache.hpp"
#include "libgpt/model/micro_batch.hpp"
#include "libgpt/model/model_config.hpp"
#include "libgpt/model/parameter_layout.hpp"
#include "libgpt/tensor/aligned_buffer.hpp"
#include "libgpt/tensor/arena.hpp"

namespace gpt::model {

// Whether a backward pass replaces the gradients it finds or adds to them (gradient accumulation).
enum class Gradients { replace, add };

// Tokens to append to the slots of a cache, and where logits are wanted.
struct InferenceBatch {
  std::span<const std::int32_t> tokens;
  // slots[i]: the cache slot that tokens[i] continues. Tokens of one slot stand together, in order.
  std::span<const std::int32_t> slots;
  // Indices into tokens, ascending: the model's prediction after these tokens is returned.
  std::span<const std::int32_t> wanted;
};

// A GPT-2 with its weights, in float or double (double is for checking gradients). Not thread-safe: it owns
// the memory of its activations. Threads of its own come from OpenMP.
template <class T>
class Gpt {
 public:
  // Weights start at zero. Throws ConfigError.
  explicit Gpt(const ModelConfig& config);

  const ModelConfig& config() const { return config_; }
  const ParameterLayout& layout() const { return layout_; }
  std::span<T> weights() { return weights_.span(); }  // flat, as layout() says
  std::span<const T> weights() const { return weights_.span(); }

  // Megatron's start: N(0, std), std / sqrt(2 layers) for projections into the residual stream, norms 1,
  // biases 0. The same seed gives each weight the same value, however the model is cut.
  void initialise(std::uint64_t seed);

  // Loss without dropout. Throws ops::ShapeError when the sizes of the batch do not fit the model, and
  // ConfigError for a sequence longer than the positions or a token outside the vocabulary.
  LossSum forward_loss(const MicroBatch& batch);
  // As above, and writes log p(target) of every token to log_probabilities [sequences * length].
  LossSum forward_loss(const MicroBatch& batch, std::span<T> log_probabilities);
  // Logits of every token, [sequences * length, vocabulary]; for tests and small models.
  void forward_logits(const MicroBatch& batch, std::span<T> logits);

  // The loss (with dropout keyed by dropout_seed, if the configuration has any) and the gradient of
  // `loss_scale * sum of losses` by every weight, into the flat buffer `gradients`. loss_scale is one over
  // the number of unmasked tokens of the global batch. After Gradients::replace the gaps between tensors are
  // left as they were.
  LossSum forward_backward(const MicroBatch& batch, double loss_scale, std::uint64_t dropout_seed,
                           Gradients mode, std::span<T> gradients);

  // Appends tokens to the slots of the cache and returns logits [wanted, vocabulary], valid until the next
  // call. Throws ConfigError when a slot would grow beyond its capacity.
  std::span<const T> forward_inference(const InferenceBatch& batch, KvCache<T>& cache);

  // Memory held for activations so far.
  std::size_t activation_bytes() const { return arena_.capacity_bytes(); }

 private:
  ModelConfig config_;
  ParameterLayout layout_;
  tensor::AlignedBuffer<T> weights_;
  tensor::Arena arena_;
};

}  // namespace gpt::model
