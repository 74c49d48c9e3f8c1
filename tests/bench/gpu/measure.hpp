#pragma once

#include <cstdint>
#include <functional>
#include <random>
#include <string>
#include <vector>

#include "libgpt/tensor/aligned_buffer.hpp"
#include "libgpt/tensor/copy.hpp"

namespace gpt::bench {

// How large the things are that are measured: as in training, or just large enough that everything runs once.
enum class Sizes { real, tiny };

// Seconds of one call, by the device's own clock: the median of rounds, each of as many calls as take some
// milliseconds. work() may be recorded for replay where that spares the time of launching.
double seconds_of(const std::function<void()>& work);

// The device's bandwidth in bytes a second, read and written, as a copy of 1 GB has it.
double copy_bandwidth(Sizes sizes);

// One line of a Markdown table.
void print_header(const std::vector<std::string>& columns);
void print_row(const std::vector<std::string>& cells);
std::string number(double value, int decimals = 1);
std::string percent(double share);

// Normal numbers on the device: what is measured on zeros runs faster than anything real. A block of them is
// repeated.
template <class T>
tensor::AlignedBuffer<T> random_numbers(std::int64_t count, float deviation = 1) {
  using Value = tensor::ValueOf<T>;
  tensor::AlignedBuffer<T> buffer(static_cast<std::size_t>(count));
  std::mt19937 random(1);
  std::normal_distribution<float> normal(0, deviation);
  std::vector<Value> block(std::min<std::size_t>(buffer.size(), std::size_t{1} << 20));
  for (Value& value : block) value = tensor::from_float<Value>(normal(random));
  for (std::size_t done = 0; done < buffer.size(); done += block.size()) {
    const std::size_t part = std::min(block.size(), buffer.size() - done);
    tensor::upload<T>(std::span(block).first(part), buffer.span().subspan(done, part));
  }
  return buffer;
}

// Each prints its table.
void measure_products(Sizes sizes);
void measure_kernels(Sizes sizes);
void measure_attention(Sizes sizes);

}  // namespace gpt::bench
