#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

#include "libgpt/model/inference_batch.hpp"
#include "libgpt/model/micro_batch.hpp"
#include "libgpt/model/model_config.hpp"
#include "libgpt/model/parameter_layout.hpp"

namespace gpt::model {

// Whether a device records the steps in which texts grow by a token each, and repeats them by one launch.
enum class RepeatedSteps { recorded, launched };

// What one rank holds of a model that texts are generated with: weights, keys and values, whatever the
// element they are kept in and wherever that is. The ranks of all parts make the same calls in the same
// order; between the calls of forward and loss the stream passes from stage to stage.
class InferencePart {
 public:
  virtual ~InferencePart() = default;

  virtual const ModelConfig& config() const = 0;
  virtual const ParameterLayout& layout() const = 0;

  // The weights, flat as layout() says, where they are fp32 in the memory of the host; else empty, and they
  // are set a stretch at a time, from element `first` on.
  virtual std::span<float> host_weights() = 0;
  virtual void set_weights(std::size_t first, std::span<const float> values) = 0;

  // Room for the keys and values of `slots` texts of `capacity` tokens; forgets what was there.
  virtual void make_cache(std::int64_t slots, std::int64_t capacity) = 0;
  // Appends the batch to the cache. Logits [wanted, the rank's share of the vocabulary] where the part has
  // the head, until the next call; elsewhere nothing.
  virtual std::span<const float> forward(const PlacedBatch& batch) = 0;
  // The sum of the masked losses where the part has the head, elsewhere 0. Without the cache.
  virtual double loss(const MicroBatch& batch) = 0;

  // The most that weights, keys and values, and activations take.
  virtual std::size_t bytes() const = 0;
};

}  // namespace gpt::model
