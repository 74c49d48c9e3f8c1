#pragma once

#include <cstddef>
#include <span>

#include "libgpt/schedule/action.hpp"

namespace gpt::schedule {

// What a stage computes when the executor runs its actions. The executor owns the buffers that pass between
// stages, of stream_size() elements each; a span is empty where there is no neighbour (input of the first
// chunk of the model, output and d_output of the last, d_input of the first).
template <class T>
class StageWork {
 public:
  virtual ~StageWork() = default;
  virtual std::size_t stream_size() const = 0;
  // input stays valid until the backward pass of the same micro batch and chunk has ended (in a forward-only
  // schedule: until this call ends). output must be filled.
  virtual void forward(const Action& action, std::span<const T> input, std::span<T> output) = 0;
  virtual void backward(const Action& action, std::span<const T> d_output, std::span<T> d_input) = 0;
};

}  // namespace gpt::schedule
