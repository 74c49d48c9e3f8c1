#pragma once

#include <cstddef>
#include <optional>
#include <string_view>

namespace gpt::tensor {

// Element types of tensors in memory and in files.
enum class DType { f32, f64, f16, bf16, i32, i64, u8 };

std::size_t size_in_bytes(DType type);

// Names as safetensors spells them: "F32", "BF16" ...
std::string_view safetensors_name(DType type);
std::optional<DType> dtype_from_safetensors(std::string_view name);

}  // namespace gpt::tensor
