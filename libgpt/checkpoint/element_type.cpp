#include "libgpt/checkpoint/element_type.hpp"

#include <array>
#include <bit>
#include <cmath>
#include <cstdint>
#include <cstring>
#include <stdexcept>
#include <utility>

namespace gpt::checkpoint {
namespace {

using tensor::DType;

static_assert(std::endian::native == std::endian::little, "files are little-endian and are read as they lie");

constexpr std::array<std::pair<std::string_view, std::size_t>, 15> kElementBytes = {{
    {"F32", 4},
    {"F64", 8},
    {"F16", 2},
    {"BF16", 2},
    {"I64", 8},
    {"I32", 4},
    {"I16", 2},
    {"I8", 1},
    {"U64", 8},
    {"U32", 4},
    {"U16", 2},
    {"U8", 1},
    {"BOOL", 1},
    {"F8_E4M3", 1},
    {"F8_E5M2", 1},
}};

float float_of_bf16(std::uint16_t bits) { return std::bit_cast<float>(std::uint32_t{bits} << 16); }

float float_of_f16(std::uint16_t bits) {
  const std::uint32_t sign = std::uint32_t{bits & 0x8000u} << 16;
  const std::uint32_t exponent = (bits >> 10) & 0x1fu;
  const std::uint32_t fraction = bits & 0x3ffu;
  if (exponent == 0) {  // zero and subnormals: fraction · 2^-24
    const float magnitude = std::ldexp(static_cast<float>(fraction), -24);
    return sign != 0 ? -magnitude : magnitude;
  }
  const std::uint32_t wide_exponent = exponent == 0x1f ? 0xffu : exponent + 112;
  return std::bit_cast<float>(sign | (wide_exponent << 23) | (fraction << 13));
}

std::uint16_t bf16_of_float(float value) {
  const auto bits = std::bit_cast<std::uint32_t>(value);
  if (std::isnan(value)) return static_cast<std::uint16_t>((bits >> 16) | 0x40u);
  return static_cast<std::uint16_t>((bits + 0x7fffu + ((bits >> 16) & 1u)) >> 16);
}

std::uint16_t f16_of_float(float value) {
  const auto bits = std::bit_cast<std::uint32_t>(value);
  const auto sign = static_cast<std::uint16_t>((bits >> 16) & 0x8000u);
  if (std::isnan(value)) return static_cast<std::uint16_t>(sign | 0x7e00u);
  const float magnitude = std::fabs(value);
  if (magnitude >= 65520.0F) return static_cast<std::uint16_t>(sign | 0x7c00u);
  if (magnitude < 6.103515625e-05F) {  // below 2^-14: a multiple of 2^-24, rounded to even
    return static_cast<std::uint16_t>(sign |
                                      static_cast<std::uint16_t>(std::nearbyint(std::ldexp(magnitude, 24))));
  }
  const std::uint32_t unsigned_bits = bits & 0x7fffffffu;
  const std::uint32_t rounded = unsigned_bits + 0xfffu + ((unsigned_bits >> 13) & 1u);
  return static_cast<std::uint16_t>(sign | ((rounded - (112u << 23)) >> 13));
}

template <class Stored, class Convert>
void decode(std::span<const std::byte> bytes, std::span<float> values, Convert convert) {
  for (std::size_t i = 0; i < values.size(); ++i) {
    Stored stored;
    std::memcpy(&stored, bytes.data() + i * sizeof(Stored), sizeof(Stored));
    values[i] = convert(stored);
  }
}

template <class Convert>
void encode_half(std::span<const float> values, std::string& out, Convert convert) {
  const std::size_t begin = out.size();
  out.resize(begin + 2 * values.size());
  for (std::size_t i = 0; i < values.size(); ++i) {
    const std::uint16_t stored = convert(values[i]);
    std::memcpy(out.data() + begin + 2 * i, &stored, 2);
  }
}

}  // namespace

std::optional<std::size_t> element_bytes(std::string_view safetensors_dtype) {
  for (const auto& [name, bytes] : kElementBytes) {
    if (name == safetensors_dtype) return bytes;
  }
  return std::nullopt;
}

bool is_floating(DType type) {
  return type == DType::f32 || type == DType::f64 || type == DType::f16 || type == DType::bf16;
}

void decode_floats(DType type, std::span<const std::byte> bytes, std::span<float> values) {
  switch (type) {
    case DType::f32:
      if (!values.empty()) std::memcpy(values.data(), bytes.data(), values.size_bytes());
      return;
    case DType::f64:
      return decode<double>(bytes, values, [](double v) { return static_cast<float>(v); });
    case DType::f16:
      return decode<std::uint16_t>(bytes, values, float_of_f16);
    case DType::bf16:
      return decode<std::uint16_t>(bytes, values, float_of_bf16);
    default:
      throw std::logic_error("decode_floats: no floating-point type");
  }
}

void append_encoded_floats(DType type, std::span<const float> values, std::string& out) {
  switch (type) {
    case DType::f32: {
      const std::size_t begin = out.size();
      out.resize(begin + values.size_bytes());
      if (!values.empty()) std::memcpy(out.data() + begin, values.data(), values.size_bytes());
      return;
    }
    case DType::f16:
      return encode_half(values, out, f16_of_float);
    case DType::bf16:
      return encode_half(values, out, bf16_of_float);
    default:
      throw std::logic_error("append_encoded_floats: weights are saved as f32, f16 or bf16");
  }
}

}  // namespace gpt::checkpoint
