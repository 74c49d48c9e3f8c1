#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "libgpt/tensor/dtype.hpp"

namespace gpt::checkpoint {

// Bytes of one element of any type a safetensors file may hold, those we never compute with included (mask
// buffers are BOOL or U8); empty for a name the format does not know.
std::optional<std::size_t> element_bytes(std::string_view safetensors_dtype);

// Converts little-endian elements as they lie in a file, aligned or not, to floats. values.size() elements
// are read from bytes, which must hold that many. f32, f64, f16 and bf16 only.
void decode_floats(tensor::DType type, std::span<const std::byte> bytes, std::span<float> values);

// The same backwards, rounding to nearest even; the result is appended. f32, f16 and bf16 only.
void append_encoded_floats(tensor::DType type, std::span<const float> values, std::string& out);

// Whether decode_floats reads the type.
bool is_floating(tensor::DType type);

}  // namespace gpt::checkpoint
