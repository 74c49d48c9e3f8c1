#include "libgpt/ops/cuda/product.hpp"

#include <doctest/doctest.h>

#include "tests/support/cuda_on_cpu/device.hpp"
#include "tests/unit/libgpt/ops/cuda/device_tensor.hpp"

using namespace gpt;
using namespace gpt::ops;
using gpt::test::DeviceTensor;
using gpt::test::kRounding;
using gpt::test::largest_error;
using gpt::test::normal_numbers;
using tensor::DeviceBf16;
using tensor::DeviceF16;
using tensor::DeviceF32;

namespace {

constexpr std::int64_t kM = 20, kN = 24, kK = 40;
constexpr std::int64_t kGap = 8;  // between the rows of every matrix

// A matrix as stored, with gaps between its rows.
struct Stored {
  std::int64_t rows, columns;
  Transpose transpose;
  std::int64_t stride() const { return columns + kGap; }
  std::size_t size() const { return static_cast<std::size_t>(rows * stride()); }
  std::size_t at(std::int64_t row, std::int64_t column) const {  // of op(matrix)
    return static_cast<std::size_t>(transpose == Transpose::yes ? column * stride() + row
                                                                : row * stride() + column);
  }
};

Stored stored(std::int64_t rows, std::int64_t columns, Transpose transpose) {
  return transpose == Transpose::yes ? Stored{columns, rows, transpose} : Stored{rows, columns, transpose};
}

std::vector<float> expected(const Stored& a, const std::vector<float>& a_values, const Stored& b,
                            const std::vector<float>& b_values, std::vector<float> c, const Stored& result,
                            Product mode, const std::vector<float>& bias) {
  for (std::int64_t i = 0; i < kM; ++i) {
    for (std::int64_t j = 0; j < kN; ++j) {
      double sum = mode == Product::add ? static_cast<double>(c[result.at(i, j)]) : 0;
      for (std::int64_t k = 0; k < kK; ++k) {
        sum += static_cast<double>(a_values[a.at(i, k)]) * static_cast<double>(b_values[b.at(k, j)]);
      }
      if (!bias.empty()) sum += static_cast<double>(bias[static_cast<std::size_t>(j)]);
      c[result.at(i, j)] = static_cast<float>(sum);
    }
  }
  return c;
}

template <class T, class C>
void check_all_products() {
  const cuda_on_cpu::ScopedEmulatedDevice device;
  const Stored result = stored(kM, kN, Transpose::no);
  const DeviceTensor<C> bias(normal_numbers(kN, 4));
  for (const Transpose ta : {Transpose::no, Transpose::yes}) {
    for (const Transpose tb : {Transpose::no, Transpose::yes}) {
      for (const Product mode : {Product::replace, Product::add}) {
        for (const bool biased : {false, true}) {
          CAPTURE((ta == Transpose::yes));
          CAPTURE((tb == Transpose::yes));
          CAPTURE((mode == Product::add));
          CAPTURE(biased);
          const Stored sa = stored(kM, kK, ta), sb = stored(kK, kN, tb);
          const DeviceTensor<T> a(normal_numbers(sa.size(), 1)), b(normal_numbers(sb.size(), 2));
          DeviceTensor<C> c(normal_numbers(result.size(), 3));
          const auto wanted = expected(sa, a.floats(), sb, b.floats(), c.floats(), result, mode,
                                       biased ? bias.floats() : std::vector<float>());
          device_product<T, C>(kM, kN, kK, {a.span().data(), sa.stride(), ta},
                               {b.span().data(), sb.stride(), tb}, {c.span().data(), result.stride()}, mode,
                               biased ? bias.span().data() : nullptr);
          // What lies between the rows is not touched: it is in both.
          CHECK(largest_error(c.floats(), wanted, std::sqrt(double{kK})) < 4 * kRounding<C> + 1e-6);
        }
      }
    }
  }
}

}  // namespace

TEST_CASE("products of every transposition, added or not, with a bias or not, between strides") {
  SUBCASE("f32") { check_all_products<DeviceF32, DeviceF32>(); }
  SUBCASE("bf16") { check_all_products<DeviceBf16, DeviceBf16>(); }
  SUBCASE("f16") { check_all_products<DeviceF16, DeviceF16>(); }
  SUBCASE("bf16 summed in f32") { check_all_products<DeviceBf16, DeviceF32>(); }
  SUBCASE("f16 summed in f32") { check_all_products<DeviceF16, DeviceF32>(); }
}

TEST_CASE("TF32 rounds what is multiplied, and only when asked to") {
  const cuda_on_cpu::ScopedEmulatedDevice device;
  // 1 + 2^-12 is 1 in TF32.
  const DeviceTensor<DeviceF32> a(std::vector<float>(16 * 16, 1.0F + 0x1p-12F)),
      b(std::vector<float>(16 * 16, 1.0F));
  DeviceTensor<DeviceF32> c(16 * 16);
  const auto product = [&] {
    device_product<DeviceF32, DeviceF32>(16, 16, 16, {a.span().data(), 16}, {b.span().data(), 16},
                                         {c.span().data(), 16}, Product::replace);
    return c.floats().front();
  };
  CHECK(product() == 16.0F + 0x1p-8F);
  set_float_products(FloatProducts::tf32);
  const float rounded = product();
  set_float_products(FloatProducts::exact);
  CHECK(rounded == 16.0F);
  CHECK(product() == 16.0F + 0x1p-8F);
}

TEST_CASE("the record of choices is adopted by the same device, and a product repeats its bits by it") {
  const cuda_on_cpu::ScopedEmulatedDevice device;
  const DeviceTensor<DeviceBf16> a(normal_numbers(64 * 64, 1)), b(normal_numbers(64 * 64, 2));
  DeviceTensor<DeviceBf16> c(64 * 64);
  const auto product = [&] {
    device_product<DeviceBf16, DeviceBf16>(64, 64, 64, {a.span().data(), 64}, {b.span().data(), 64},
                                           {c.span().data(), 64}, Product::replace);
    return c.floats();
  };
  const auto first = product();
  const std::string record = record_of_product_choices();
  CHECK(adopt_product_choices(record));
  CHECK(product() == first);
  CHECK(record_of_product_choices() == record);
  CHECK_FALSE(adopt_product_choices(R"({"cublas": "1", "device": "another", "choices": {}})"));
  CHECK_FALSE(adopt_product_choices("no record"));
  const std::string records[] = {record, record};
  CHECK(adopt_product_choices(merged_product_choices(records)));
}
