#pragma once

#include <cstdint>
#include <memory>
#include <span>

#include "libgpt/comm/self_communicator.hpp"
#include "libgpt/model/inference_batch.hpp"
#include "libgpt/model/kv_cache.hpp"
#include "libgpt/model/micro_batch.hpp"
#include "libgpt/model/model_config.hpp"
#include "libgpt/model/parameter_layout.hpp"
#include "libgpt/model/stage.hpp"
#include "libgpt/tensor/arena.hpp"

namespace gpt::model {

// A whole GPT-2 on one rank: the stage that holds everything, and inference with a cache. Not thread-safe: it
// owns the memory of its activations. Threads of its own come from OpenMP.
template <class T>
class Gpt {
 public:
  // Weights start at zero. Throws ConfigError.
  explicit Gpt(const ModelConfig& config);

  const ModelConfig& config() const { return stage_.config(); }
  const ParameterLayout& layout() const { return stage_.layout(); }
  std::span<T> weights() { return stage_.weights(); }  // flat, as layout() says
  std::span<const T> weights() const { return stage_.weights(); }
  void initialise(std::uint64_t seed) { stage_.initialise(seed); }

  // Loss without dropout. Throws ops::ShapeError when the sizes of the batch do not fit the model, and
  // ConfigError for a sequence longer than the positions or a token outside the vocabulary.
  LossSum forward_loss(const MicroBatch& batch);
  // As above, and writes log p(target) of every token to log_probabilities [sequences * length].
  LossSum forward_loss(const MicroBatch& batch, std::span<double> log_probabilities);
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

  // Memory taken for activations so far.
  std::size_t activation_bytes() const { return stage_.activation_bytes() + arena_.peak_bytes(); }

 private:
  std::unique_ptr<comm::SelfCommunicator> self_;
  Stage<T> stage_;
  tensor::Arena arena_;  // of inference
};

}  // namespace gpt::model
