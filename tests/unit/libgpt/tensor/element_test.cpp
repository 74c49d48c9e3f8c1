// Two-byte numbers against their definition: sign, exponent and fraction as IEEE 754 reads them. Rounding is
// held at every place where the nearest number changes, and so for all floats, as it never decreases.
#include "libgpt/tensor/element.hpp"

#include <cmath>
#include <cstdint>
#include <limits>

#include <doctest/doctest.h>

namespace gpt::tensor {
namespace {

template <class T>
constexpr int kFractionBits = std::is_same_v<T, Bf16> ? 7 : 10;
template <class T>
constexpr int kBias = std::is_same_v<T, Bf16> ? 127 : 15;
template <class T>
constexpr std::uint32_t kInfinity = 0x8000u - (1u << kFractionBits<T>);  // its bits

template <class T>
T of_bits(std::uint32_t bits) {
  return {static_cast<std::uint16_t>(bits)};
}

// A positive finite number, exactly.
template <class T>
double defined(std::uint32_t bits) {
  const auto fraction = static_cast<double>(bits & ((1u << kFractionBits<T>)-1));
  const int exponent = static_cast<int>(bits >> kFractionBits<T>);
  const double one = std::ldexp(1.0, kFractionBits<T>);
  return exponent == 0 ? std::ldexp(fraction / one, 1 - kBias<T>)
                       : std::ldexp(1 + fraction / one, exponent - kBias<T>);
}

TEST_CASE_TEMPLATE("every two-byte number has its value, and comes back from it", T, Bf16, F16) {
  for (std::uint32_t bits = 0; bits < 0x8000u; ++bits) {
    CAPTURE(bits);
    const float positive = to_float(of_bits<T>(bits)), negative = to_float(of_bits<T>(bits | 0x8000u));
    REQUIRE(std::signbit(negative));
    if (bits < kInfinity<T>) {
      REQUIRE(static_cast<double>(positive) == defined<T>(bits));
      REQUIRE(negative == -positive);
    } else if (bits == kInfinity<T>) {
      REQUIRE(positive == std::numeric_limits<float>::infinity());
      REQUIRE(negative == -positive);
    } else {
      REQUIRE(std::isnan(positive));
      REQUIRE(std::isnan(to_float(from_float<T>(positive))));
      REQUIRE(std::isnan(to_float(from_float<T>(negative))));
      continue;
    }
    REQUIRE(from_float<T>(positive).bits == bits);
    REQUIRE(from_float<T>(negative).bits == (bits | 0x8000u));
  }
}

TEST_CASE_TEMPLATE("floats go to the nearest two-byte number, ties to the even one", T, Bf16, F16) {
  for (std::uint32_t bits = 0; bits < kInfinity<T>; ++bits) {
    CAPTURE(bits);
    // beyond the last finite number the next would be at the same distance, and stands for infinity
    const double low = defined<T>(bits),
                 high = bits + 1 < kInfinity<T> ? defined<T>(bits + 1) : 2 * low - defined<T>(bits - 1);
    const double middle = (low + high) / 2;
    const auto tie = static_cast<float>(middle);
    if (static_cast<double>(tie) != middle)
      continue;  // below the smallest float: between bf16's smallest numbers
    const std::uint32_t even = bits + bits % 2;
    const float below = std::nextafter(tie, 0.0F),
                above = std::nextafter(tie, std::numeric_limits<float>::infinity());
    REQUIRE(from_float<T>(tie).bits == even);
    REQUIRE(from_float<T>(-tie).bits == (even | 0x8000u));
    REQUIRE(from_float<T>(below).bits == bits);
    REQUIRE(from_float<T>(-below).bits == (bits | 0x8000u));
    REQUIRE(from_float<T>(above).bits == bits + 1);
    REQUIRE(from_float<T>(-above).bits == ((bits + 1) | 0x8000u));
  }
  const float largest = std::numeric_limits<float>::max();
  CHECK(from_float<T>(largest).bits == kInfinity<T>);
  CHECK(from_float<T>(-std::numeric_limits<float>::infinity()).bits == (kInfinity<T> | 0x8000u));
}

TEST_CASE("an empty span of device elements has no address") {
  float memory[2] = {};
  const auto elements = on_device(memory, 2);
  CHECK(raw(elements) == memory);
  CHECK(raw(elements.subspan(1)) == memory + 1);
  CHECK(raw(elements.first(0)) == nullptr);
  CHECK(raw(std::span<const DeviceF32>(elements).first(0)) == nullptr);
}

}  // namespace
}  // namespace gpt::tensor
