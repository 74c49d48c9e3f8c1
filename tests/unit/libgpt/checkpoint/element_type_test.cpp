#include "libgpt/checkpoint/element_type.hpp"

#include <bit>
#include <cmath>
#include <cstdint>
#include <cstring>
#include <limits>
#include <vector>

#include <doctest/doctest.h>

namespace gpt::checkpoint {
namespace {

using tensor::DType;

std::vector<float> decoded(DType type, const std::string& bytes, std::size_t count) {
  std::vector<float> values(count);
  decode_floats(type, std::as_bytes(std::span(bytes)), values);
  return values;
}

std::uint16_t encoded(DType type, float value) {
  std::string bytes;
  append_encoded_floats(type, std::span(&value, 1), bytes);
  std::uint16_t bits = 0;
  REQUIRE(bytes.size() == 2);
  std::memcpy(&bits, bytes.data(), 2);
  return bits;
}

TEST_CASE("every half and bfloat16 number survives float and back") {
  for (const auto type : {DType::f16, DType::bf16}) {
    for (std::uint32_t bits = 0; bits < 0x10000; ++bits) {
      const auto stored = static_cast<std::uint16_t>(bits);
      const float value = decoded(type, std::string(reinterpret_cast<const char*>(&stored), 2), 1)[0];
      if (std::isnan(value)) continue;
      REQUIRE(encoded(type, value) == stored);
    }
  }
}

TEST_CASE("halves have the values of IEEE 754") {
  const std::uint16_t stored[] = {0x3c00, 0xc000, 0x7bff, 0x0001, 0x0400, 0x7c00, 0x8000};
  const auto values =
      decoded(DType::f16, std::string(reinterpret_cast<const char*>(stored), sizeof stored), 7);
  CHECK(values[0] == 1.0F);
  CHECK(values[1] == -2.0F);
  CHECK(values[2] == 65504.0F);
  CHECK(values[3] == std::ldexp(1.0F, -24));
  CHECK(values[4] == std::ldexp(1.0F, -14));
  CHECK(std::isinf(values[5]));
  CHECK(std::signbit(values[6]));
}

TEST_CASE("rounding goes to the nearest, ties to even, and overflow to infinity") {
  CHECK(encoded(DType::f16, 1.0F + std::ldexp(1.0F, -11)) == 0x3c00);      // half way: down to even
  CHECK(encoded(DType::f16, 1.0F + 3 * std::ldexp(1.0F, -11)) == 0x3c02);  // half way: up to even
  CHECK(encoded(DType::f16, 65519.0F) == 0x7bff);
  CHECK(encoded(DType::f16, 65520.0F) == 0x7c00);
  CHECK(encoded(DType::bf16, 1.0F + std::ldexp(1.0F, -8)) == 0x3f80);
  CHECK(encoded(DType::bf16, 1.0F + 3 * std::ldexp(1.0F, -8)) == 0x3f82);
  CHECK(encoded(DType::bf16, std::numeric_limits<float>::max()) == 0x7f80);
  const float nan = std::numeric_limits<float>::quiet_NaN();
  CHECK(std::isnan(std::bit_cast<float>(std::uint32_t{encoded(DType::bf16, nan)} << 16)));
  CHECK((encoded(DType::f16, nan) & 0x7fff) > 0x7c00);
}

TEST_CASE("unaligned f32 and f64 are read") {
  std::string bytes = "x";
  const double doubles[] = {0.5, -3.0};
  bytes.append(reinterpret_cast<const char*>(doubles), sizeof doubles);
  std::vector<float> values(2);
  decode_floats(DType::f64, std::as_bytes(std::span(bytes)).subspan(1), values);
  CHECK(values == std::vector<float>{0.5F, -3.0F});
}

}  // namespace
}  // namespace gpt::checkpoint
