#pragma once

#include <cmath>
#include <random>
#include <span>
#include <vector>

#include "libgpt/tensor/aligned_buffer.hpp"
#include "libgpt/tensor/copy.hpp"
#include "libgpt/tensor/element.hpp"

namespace gpt::test {

// Numbers on the device, made from floats, with what the device makes of them (rounded to its elements).
template <class T>
class DeviceTensor {
 public:
  using Value = tensor::ValueOf<T>;

  explicit DeviceTensor(std::size_t count) : buffer_(count) {}
  explicit DeviceTensor(const std::vector<float>& values) : buffer_(values.size()) {
    std::vector<Value> rounded;
    for (const float value : values) rounded.push_back(tensor::from_float<Value>(value));
    tensor::upload<T>(rounded, buffer_.span());
  }

  std::span<T> span() { return buffer_.span(); }
  std::span<const T> span() const { return buffer_.span(); }

  std::vector<float> floats() const {
    std::vector<float> values;
    for (const Value value : tensor::downloaded<T>(span())) values.push_back(tensor::to_float(value));
    return values;
  }

 private:
  tensor::AlignedBuffer<T> buffer_;
};

// Normal numbers, the same for the same seed.
inline std::vector<float> normal_numbers(std::size_t count, unsigned seed, float deviation = 1) {
  std::mt19937 random(seed);
  std::normal_distribution<float> normal(0, deviation);
  std::vector<float> numbers(count);
  for (float& number : numbers) number = normal(random);
  return numbers;
}

// A step of a T at 1, halved: what rounding to a T may change in a number of size 1.
template <class T>
constexpr double kRounding = 0x1p-24;
template <>
inline constexpr double kRounding<tensor::DeviceBf16> = 0x1p-9;
template <>
inline constexpr double kRounding<tensor::DeviceF16> = 0x1p-12;

// The largest |actual - expected| in units of `scale` + |expected|.
inline double largest_error(const std::vector<float>& actual, const std::vector<float>& expected,
                            double scale) {
  double largest = actual.size() == expected.size() ? 0 : INFINITY;
  for (std::size_t i = 0; i < actual.size() && i < expected.size(); ++i) {
    const double error = std::abs(static_cast<double>(actual[i]) - static_cast<double>(expected[i])) /
                         (scale + std::abs(static_cast<double>(expected[i])));
    if (!(error <= largest)) largest = std::isnan(error) ? INFINITY : error;
  }
  return largest;
}

}  // namespace gpt::test
