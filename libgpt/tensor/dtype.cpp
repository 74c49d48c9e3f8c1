#include "libgpt/tensor/dtype.hpp"

#include <array>

namespace gpt::tensor {
namespace {

struct Row {
  DType type;
  std::size_t bytes;
  std::string_view name;
};
constexpr std::array kRows = {
    Row{DType::f32, 4, "F32"},   Row{DType::f64, 8, "F64"}, Row{DType::f16, 2, "F16"},
    Row{DType::bf16, 2, "BF16"}, Row{DType::i32, 4, "I32"}, Row{DType::i64, 8, "I64"},
    Row{DType::u8, 1, "U8"},
};
constexpr bool rows_follow_enum() {
  for (std::size_t i = 0; i < kRows.size(); ++i) {
    if (static_cast<std::size_t>(kRows[i].type) != i) return false;
  }
  return true;
}
static_assert(rows_follow_enum());

const Row& row(DType type) { return kRows[static_cast<std::size_t>(type)]; }

}  // namespace

std::size_t size_in_bytes(DType type) { return row(type).bytes; }

std::string_view safetensors_name(DType type) { return row(type).name; }

std::optional<DType> dtype_from_safetensors(std::string_view name) {
  for (const Row& candidate : kRows) {
    if (candidate.name == name) return candidate.type;
  }
  return std::nullopt;
}

}  // namespace gpt::tensor
