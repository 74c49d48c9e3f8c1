#pragma once

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <cstring>
#include <limits>
#include <random>
#include <string>
#include <vector>

#include <doctest/doctest.h>

#include "libgpt/tensor/aligned_buffer.hpp"
#include "libgpt/tensor/copy.hpp"
#include "tests/support/cuda_on_cpu/device.hpp"
#include "tests/support/cuda_on_cpu/schedule.hpp"

// What tests of the device's ops share: they compare with the CPU's op on the same numbers, in double.
namespace gpt::device_check {

// Elements in the memory of the device, beginning `offset` elements after an aligned address.
template <class T>
class OnDevice {
  using Value = tensor::ValueOf<T>;

 public:
  OnDevice(const std::vector<Value>& values, std::size_t offset = 0)
      : buffer_(values.size() + offset), offset_(offset) {
    tensor::upload<T>(values, span());
  }

  std::span<T> span() { return buffer_.span().subspan(offset_); }
  std::span<const T> span() const { return buffer_.span().subspan(offset_); }
  std::vector<Value> values() const { return tensor::downloaded<T>(span()); }
  std::vector<double> numbers() const {
    std::vector<double> to;
    for (const Value value : values()) to.push_back(static_cast<double>(tensor::to_float(value)));
    return to;
  }

 private:
  tensor::AlignedBuffer<T> buffer_;
  std::size_t offset_;
};

// Numbers rounded to T, on the device.
template <class T>
OnDevice<T> on_device(const std::vector<double>& numbers, std::size_t offset = 0) {
  std::vector<tensor::ValueOf<T>> values;
  for (const double value : numbers)
    values.push_back(tensor::from_float<tensor::ValueOf<T>>(static_cast<float>(value)));
  return OnDevice<T>(values, offset);
}
template <class T>
OnDevice<T> zeros(std::size_t count, std::size_t offset = 0) {
  return on_device<T>(std::vector<double>(count), offset);
}

template <class T>
double rounded(double x) {
  return static_cast<double>(tensor::to_float(tensor::from_float<tensor::ValueOf<T>>(static_cast<float>(x))));
}

// Normally distributed numbers that a T holds exactly, so that the CPU's op begins with the same ones.
template <class T>
std::vector<double> random_values(std::int64_t count, unsigned seed, double scale = 1) {
  std::mt19937 random(seed);
  std::normal_distribution<double> normal(0, scale);
  std::vector<double> values(static_cast<std::size_t>(count));
  for (double& value : values) value = rounded<T>(normal(random));
  return values;
}

inline std::vector<std::int32_t> random_indices(std::int64_t count, unsigned seed, std::int32_t below) {
  std::mt19937 random(seed);
  std::uniform_int_distribution<std::int32_t> uniform(0, below - 1);
  std::vector<std::int32_t> values(static_cast<std::size_t>(count));
  for (std::int32_t& value : values) value = uniform(random);
  return values;
}

// The largest relative distance between neighbouring numbers of type V.
template <class V>
constexpr double kUlp = std::is_same_v<V, tensor::Bf16>  ? 0x1p-7
                        : std::is_same_v<V, tensor::F16> ? 0x1p-10
                                                         : 0x1p-23;

// Each element is the wanted one up to one rounding to T and `slack`, relative to the largest number wanted:
// what sums in float cost.
template <class T>
void check_near(const std::vector<double>& seen, const std::vector<double>& wanted, double slack = 2e-6) {
  REQUIRE(seen.size() == wanted.size());
  double largest = 0;
  for (const double want : wanted)
    if (std::isfinite(want)) largest = std::max(largest, std::abs(want));
  // 16-bit floats have a smallest distance
  const double least = std::is_same_v<tensor::ValueOf<T>, tensor::F16> ? 0x1p-24 : 0;
  double worst = 0;
  std::size_t at = 0;
  for (std::size_t i = 0; i < seen.size(); ++i) {
    const double want = wanted[i];
    const double allowed = kUlp<tensor::ValueOf<T>> * std::abs(want) + slack * largest + least;
    const double error = seen[i] == want ? 0 : std::abs(seen[i] - want) / allowed;
    if (!(error <= worst)) {
      worst = error;
      at = i;
    }
  }
  CAPTURE(at);
  if (seen.empty()) return;
  CAPTURE(seen[at]);
  CAPTURE(wanted[at]);
  CHECK(worst <= 1);
}

// Within a tolerance relative to 1 and to the number.
inline void check_close(const std::vector<double>& seen, const std::vector<double>& wanted,
                        double tolerance) {
  REQUIRE(seen.size() == wanted.size());
  for (std::size_t i = 0; i < seen.size(); ++i) {
    CAPTURE(i);
    CAPTURE(seen[i]);
    CAPTURE(wanted[i]);
    if (seen[i] != wanted[i]) CHECK(std::abs(seen[i] - wanted[i]) <= tolerance * (1 + std::abs(wanted[i])));
  }
}

// The bits of what body() returns, a vector of numbers, are the same in whatever order threads run. Returns
// it.
template <class Body>
auto same_in_every_order(const Body& body) {
  const auto first = body();
  for (const std::uint64_t seed : {1u, 2u}) {
    const cuda_on_cpu::ScopedSchedule scope(cuda_on_cpu::Schedule{seed});
    const auto again = body();
    REQUIRE(again.size() == first.size());
    CHECK(std::memcmp(again.data(), first.data(), first.size() * sizeof(first[0])) == 0);
  }
  return first;
}

inline std::vector<double> joined(const std::vector<std::vector<double>>& parts) {
  std::vector<double> all;
  for (const auto& part : parts) all.insert(all.end(), part.begin(), part.end());
  return all;
}
// Elements [begin, begin + count).
inline std::vector<double> piece(const std::vector<double>& all, std::size_t begin, std::size_t count) {
  const auto first = all.begin() + static_cast<std::ptrdiff_t>(begin);
  return {first, first + static_cast<std::ptrdiff_t>(count)};
}

}  // namespace gpt::device_check

#define GPT_DEVICE_TYPES gpt::tensor::DeviceF32, gpt::tensor::DeviceBf16, gpt::tensor::DeviceF16
TYPE_TO_STRING(gpt::tensor::DeviceF32);
TYPE_TO_STRING(gpt::tensor::DeviceBf16);
TYPE_TO_STRING(gpt::tensor::DeviceF16);
