#include "libgpt/comm/combine.hpp"

namespace gpt::comm {
namespace {

template <class T, class Operation>
void combine_each(const void* a, const void* b, void* result, std::size_t count, Operation operation) {
  const T* left = static_cast<const T*>(a);
  const T* right = static_cast<const T*>(b);
  T* to = static_cast<T*>(result);
  for (std::size_t i = 0; i < count; ++i) to[i] = operation(left[i], right[i]);
}

template <class T>
void combine_as(Reduction reduction, const void* a, const void* b, void* result, std::size_t count) {
  switch (reduction) {
    case Reduction::sum:
      return combine_each<T>(a, b, result, count, [](T x, T y) { return x + y; });
    case Reduction::max:
      return combine_each<T>(a, b, result, count, [](T x, T y) { return x < y ? y : x; });
    case Reduction::min:
      return combine_each<T>(a, b, result, count, [](T x, T y) { return y < x ? y : x; });
  }
}

}  // namespace

bool is_reducible(tensor::DType type) {
  using tensor::DType;
  return type == DType::f32 || type == DType::f64 || type == DType::i32 || type == DType::i64;
}

void combine(tensor::DType type, Reduction reduction, const void* a, const void* b, void* result,
             std::size_t count) {
  switch (type) {
    case tensor::DType::f32:
      return combine_as<float>(reduction, a, b, result, count);
    case tensor::DType::f64:
      return combine_as<double>(reduction, a, b, result, count);
    case tensor::DType::i32:
      return combine_as<std::int32_t>(reduction, a, b, result, count);
    case tensor::DType::i64:
      return combine_as<std::int64_t>(reduction, a, b, result, count);
    case tensor::DType::f16:
    case tensor::DType::bf16:
    case tensor::DType::u8:
      break;
  }
  throw CommError("this type cannot be reduced");
}

}  // namespace gpt::comm
