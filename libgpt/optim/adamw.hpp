#pragma once

#include <cstdint>
#include <span>
#include <type_traits>
#include <vector>

#include "libgpt/model/parameter_layout.hpp"
#include "libgpt/optim/bucket_plan.hpp"
#include "libgpt/tensor/aligned_buffer.hpp"

namespace gpt::optim {

struct AdamWConfig {
  double beta1 = 0.9;
  double beta2 = 0.999;
  double epsilon = 1e-8;
  double weight_decay = 0.01;  // not of biases and LayerNorm: model::Parameter::decayed
};

// AdamW over flat buffers that share a ParameterLayout, or over the ranges of them that a rank updates; it
// keeps its state of these alone: moments, and where the weights T are of 16 bits, the main weights in fp32,
// of which they are the rounded values. Gradients and state are in SumOf<T>.
template <class T>
class AdamW {
 public:
  using Sum = tensor::SumOf<T>;
  static constexpr bool kHasMainWeights = !std::is_same_v<Sum, T>;

  AdamW(const model::ParameterLayout& layout, const AdamWConfig& config);  // all of it
  AdamW(const model::ParameterLayout& layout, const AdamWConfig& config, const ElementRanges& updated);

  // One update. gradient_scale: what gradients are multiplied by first (clipping, loss scale). Buffers are
  // whole; only the updated ranges of them are touched. Main weights must have been set.
  void step(double learning_rate, double gradient_scale, std::span<const Sum> gradients,
            std::span<T> weights);

  // The state, for checkpoints: moments of the updated ranges one after the other (laid out as the weights
  // where all is updated), and how many updates were made.
  std::span<Sum> first_moments() { return first_moments_.span(); }
  std::span<Sum> second_moments() { return second_moments_.span(); }
  // Those of elements [range.begin, range.end) of the flat buffer, which lie within one updated range.
  std::span<Sum> first_moments(ElementRange range);
  std::span<Sum> second_moments(ElementRange range);
  std::span<Sum> main_weights(ElementRange range);  // where there are such
  std::int64_t steps() const { return steps_; }
  void set_steps(std::int64_t steps) { steps_ = steps; }

 private:
  // Neighbours with the same weight decay, updated at once.
  struct Stretch {
    std::size_t flat = 0, state = 0, count = 0;
    bool decayed = false;
  };
  void add_stretches(const model::ParameterLayout& layout);
  std::size_t place_of(ElementRange range) const;  // in the state

  AdamWConfig config_;
  ElementRanges updated_;
  std::vector<Stretch> stretches_;
  tensor::AlignedBuffer<Sum> main_weights_;
  tensor::AlignedBuffer<Sum> first_moments_;
  tensor::AlignedBuffer<Sum> second_moments_;
  std::int64_t steps_ = 0;
};

}  // namespace gpt::optim
