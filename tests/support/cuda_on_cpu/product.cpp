// The matrix products of libgpt/ops/cuda/product.hpp as loops: what cuBLASLt computes on a GPU.

#include "libgpt/ops/cuda/product.hpp"

#include <atomic>
#include <bit>
#include <cstdint>
#include <vector>

#include "tests/support/cuda_on_cpu/recording.hpp"

namespace gpt::ops {
namespace {

using tensor::DeviceBf16;
using tensor::DeviceF16;
using tensor::DeviceF32;
using tensor::ValueOf;

std::atomic<FloatProducts> float_products = FloatProducts::exact;

template <class V, class T>
V* address(T* elements) {
  return reinterpret_cast<V*>(elements);
}

// 10 bits of fraction, to nearest, ties away from zero.
float rounded_to_tf32(float x) {
  const auto bits = std::bit_cast<std::uint32_t>(x);
  if ((bits & 0x7F800000u) == 0x7F800000u) return x;
  return std::bit_cast<float>((bits + 0x1000u) & 0xFFFFE000u);
}

// op(matrix) [rows, columns] as floats without gaps.
template <class T>
std::vector<float> unpacked(const Matrix<const T>& matrix, std::int64_t rows, std::int64_t columns) {
  using V = ValueOf<T>;
  const V* data = address<const V>(matrix.data);
  const bool transposed = matrix.transpose == Transpose::yes;
  const bool tf32 = std::is_same_v<V, float> && float_products == FloatProducts::tf32;
  std::vector<float> floats(static_cast<std::size_t>(rows * columns));
  for (std::int64_t row = 0; row < rows; ++row)
    for (std::int64_t column = 0; column < columns; ++column) {
      const float value = tensor::to_float(transposed ? data[column * matrix.stride + row]
                                                      : data[row * matrix.stride + column]);
      floats[static_cast<std::size_t>(row * columns + column)] = tf32 ? rounded_to_tf32(value) : value;
    }
  return floats;
}

template <class T, class C>
void product_now(std::int64_t m, std::int64_t n, std::int64_t k, Matrix<const T> a, Matrix<const T> b,
                 Matrix<C> c, Product mode, const C* bias) {
  using V = ValueOf<C>;
  const auto left = unpacked(a, m, k), right = unpacked(b, k, n);
  std::vector<float> sums(static_cast<std::size_t>(n));
  for (std::int64_t row = 0; row < m; ++row) {
    std::fill(sums.begin(), sums.end(), 0.0F);
    for (std::int64_t inner = 0; inner < k; ++inner) {
      const float factor = left[static_cast<std::size_t>(row * k + inner)];
      const float* from = right.data() + inner * n;
      for (std::int64_t column = 0; column < n; ++column)
        sums[static_cast<std::size_t>(column)] += factor * from[column];
    }
    V* to = address<V>(c.data) + row * c.stride;
    for (std::int64_t column = 0; column < n; ++column) {
      float value = sums[static_cast<std::size_t>(column)];
      if (mode == Product::add) value += tensor::to_float(to[column]);
      if (bias != nullptr) value += tensor::to_float(address<const V>(bias)[column]);
      to[column] = tensor::from_float<V>(value);
    }
  }
}

}  // namespace

template <class T, class C>
void device_product(std::int64_t m, std::int64_t n, std::int64_t k, Matrix<const T> a, Matrix<const T> b,
                    Matrix<C> c, Product mode, const C* bias) {
  cuda_on_cpu::do_or_record([=] { product_now<T, C>(m, n, k, a, b, c, mode, bias); });
}

#define GPT_PRODUCT(T, C)                                                                       \
  template void device_product<T, C>(std::int64_t, std::int64_t, std::int64_t, Matrix<const T>, \
                                     Matrix<const T>, Matrix<C>, Product, const C*);
GPT_PRODUCT(DeviceF32, DeviceF32)
GPT_PRODUCT(DeviceBf16, DeviceBf16)
GPT_PRODUCT(DeviceF16, DeviceF16)
GPT_PRODUCT(DeviceBf16, DeviceF32)
GPT_PRODUCT(DeviceF16, DeviceF32)
#undef GPT_PRODUCT

void set_float_products(FloatProducts products) { float_products = products; }

std::string record_of_product_choices() {
  return R"({"cublas": "", "device": "CUDA on the CPU", "choices": {}})";
}
bool adopt_product_choices(const std::string& record) { return record == record_of_product_choices(); }
void set_product_search(ProductSearch) {}
void set_product_cache_folder(const std::string&) {}

}  // namespace gpt::ops
