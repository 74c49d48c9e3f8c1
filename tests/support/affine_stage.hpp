#pragma once

#include <cstdint>
#include <map>
#include <span>
#include <utility>
#include <vector>

#include "libgpt/schedule/pipeline_shape.hpp"
#include "libgpt/schedule/stage_work.hpp"

namespace gpt::test {

// A stage whose results tell where they have been: chunk g of the model makes 2 x + g of an input x, and on
// the way back 3 y - g. It counts what differs from what it can work out itself: inputs, gradients, inputs
// changed before their backward pass, buffers where there is no neighbour or none where there is one.
class AffineStage : public schedule::StageWork<double> {
 public:
  AffineStage(const schedule::PipelineShape& shape, std::int64_t stage, std::size_t size)
      : shape_(shape), stage_(stage), size_(size) {}

  std::size_t stream_size() const override { return size_; }

  void forward(const schedule::Action& action, std::span<const double> input,
               std::span<double> output) override {
    ++forward_passes_;
    const std::int64_t chunk = number(action);
    check(input, chunk == 0 ? 0 : size_, [&](std::size_t i) { return value(action.micro_batch, chunk, i); });
    inputs_[{action.micro_batch, action.chunk}] = input;
    check_size(output, chunk == last() ? 0 : size_);
    for (std::size_t i = 0; i < output.size(); ++i)
      output[i] = 2 * value(action.micro_batch, chunk, i) + static_cast<double>(chunk);
  }

  void backward(const schedule::Action& action, std::span<const double> d_output,
                std::span<double> d_input) override {
    ++backward_passes_;
    const std::int64_t chunk = number(action);
    check(inputs_.at({action.micro_batch, action.chunk}), chunk == 0 ? 0 : size_,
          [&](std::size_t i) { return value(action.micro_batch, chunk, i); });
    check(d_output, chunk == last() ? 0 : size_,
          [&](std::size_t i) { return gradient(action.micro_batch, chunk, i); });
    check_size(d_input, chunk == 0 ? 0 : size_);
    for (std::size_t i = 0; i < d_input.size(); ++i)
      d_input[i] = 3 * gradient(action.micro_batch, chunk, i) - static_cast<double>(chunk);
  }

  std::int64_t mistakes() const { return mistakes_; }
  std::int64_t forward_passes() const { return forward_passes_; }
  std::int64_t backward_passes() const { return backward_passes_; }

 private:
  std::int64_t last() const { return shape_.stages * shape_.chunks - 1; }
  std::int64_t number(const schedule::Action& action) const { return action.chunk * shape_.stages + stage_; }
  static double start(std::int64_t micro_batch, std::size_t i) {
    return static_cast<double>(micro_batch * 1000) + static_cast<double>(i);
  }
  // What goes into a chunk, and what comes back to it.
  static double value(std::int64_t micro_batch, std::int64_t chunk, std::size_t i) {
    double x = start(micro_batch, i);
    for (std::int64_t g = 0; g < chunk; ++g) x = 2 * x + static_cast<double>(g);
    return x;
  }
  double gradient(std::int64_t micro_batch, std::int64_t chunk, std::size_t i) const {
    double y = start(micro_batch, i);
    for (std::int64_t g = last(); g > chunk; --g) y = 3 * y - static_cast<double>(g);
    return y;
  }

  template <class Values>
  void check_size(const Values& values, std::size_t size) {
    if (values.size() != size) ++mistakes_;
  }
  template <class Wanted>
  void check(std::span<const double> values, std::size_t size, const Wanted& wanted) {
    check_size(values, size);
    for (std::size_t i = 0; i < values.size(); ++i)
      if (values[i] != wanted(i)) ++mistakes_;
  }

  schedule::PipelineShape shape_;
  std::int64_t stage_;
  std::size_t size_;
  std::map<std::pair<std::int64_t, std::int64_t>, std::span<const double>> inputs_;
  std::int64_t mistakes_ = 0, forward_passes_ = 0, backward_passes_ = 0;
};

}  // namespace gpt::test
