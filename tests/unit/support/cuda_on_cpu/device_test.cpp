// The emulated device keeps the contract of libgpt/tensor/device.hpp, and its products are products.
#include "tests/support/cuda_on_cpu/device.hpp"

#include <cmath>
#include <cstdint>
#include <cstring>
#include <vector>

#include <doctest/doctest.h>

#include "libgpt/ops/cuda/product.hpp"
#include "libgpt/tensor/aligned_buffer.hpp"
#include "libgpt/tensor/arena.hpp"
#include "libgpt/tensor/copy.hpp"
#include "libgpt/tensor/cuda/language.hpp"

namespace gpt::tensor {
namespace {

using cuda_on_cpu::ScopedEmulatedDevice;

float first_float(const std::byte* memory) {
  float value;
  std::memcpy(&value, memory, sizeof(value));
  return value;
}

TEST_CASE("allocated memory is zeroed, workspace and growing memory are not") {
  const ScopedEmulatedDevice emulated;
  std::byte* memory = device().allocate(1001);
  CHECK(reinterpret_cast<std::uintptr_t>(memory) % 256 == 0);
  for (int i = 0; i < 1001; ++i) CHECK(memory[i] == std::byte{0});
  device().release(memory);
  CHECK(std::isnan(first_float(device().workspace(64))));
  const auto growing = device().growing_memory();
  growing->grow_to(100);
  CHECK(std::isnan(first_float(growing->data())));
  std::byte* before = growing->data();
  std::memset(before, 1, 100);
  growing->grow_to(10000000);
  CHECK(growing->data() == before);
  CHECK(before[99] == std::byte{1});
  CHECK(std::isnan(first_float(before + 9999000)));
}

TEST_CASE("a device that is full says how full") {
  const ScopedEmulatedDevice emulated(1 << 20);
  std::byte* memory = device().allocate(1 << 19);
  CHECK_THROWS_AS(device().allocate(1 << 20), OutOfDeviceMemory);
  CHECK_THROWS_AS(device().growing_memory()->grow_to(1 << 20), OutOfDeviceMemory);
  CHECK(device().peak_bytes() == 1 << 19);
  device().release(memory);
  device().release(device().allocate(1 << 20));
  CHECK(device().peak_bytes() == 1 << 20);
}

TEST_CASE("elements go to the device and come back") {
  const ScopedEmulatedDevice emulated;
  const std::vector<float> values{1, 2, 3};
  std::byte* memory = device().allocate(24);
  const auto first = on_device(reinterpret_cast<float*>(memory), 3);
  const auto second = on_device(reinterpret_cast<float*>(memory + 12), 3);
  upload<DeviceF32>(values, first);
  copy<DeviceF32>(first, second);
  fill_zero(first);
  CHECK(downloaded<DeviceF32>(second) == values);
  CHECK(downloaded<DeviceF32>(first) == std::vector<float>(3));
  device().release(memory);
}

// C (+)= op(A) op(B) + bias, with strides wider than the rows.
template <class T, class C>
void check_product(ops::Transpose a_stored, ops::Transpose b_stored, ops::Product mode, bool with_bias) {
  using V = ValueOf<T>;
  using W = ValueOf<C>;
  const std::int64_t m = 5, n = 7, k = 9, wide = 11;
  const auto number = [](std::int64_t i) { return static_cast<float>(i * 29 % 17 - 8) / 8; };
  std::vector<V> a(static_cast<std::size_t>(wide * wide)), b(a.size());
  std::vector<W> c(a.size()), bias(static_cast<std::size_t>(n));
  for (std::size_t i = 0; i < a.size(); ++i) {
    a[i] = from_float<V>(number(static_cast<std::int64_t>(i)));
    b[i] = from_float<V>(number(static_cast<std::int64_t>(3 * i + 1)));
    c[i] = from_float<W>(number(static_cast<std::int64_t>(5 * i + 2)));
  }
  for (std::size_t i = 0; i < bias.size(); ++i) bias[i] = from_float<W>(number(static_cast<std::int64_t>(i)));
  const auto before = c;
  ops::device_product<T, C>(m, n, k, {reinterpret_cast<const T*>(a.data()), wide, a_stored},
                            {reinterpret_cast<const T*>(b.data()), wide, b_stored},
                            {reinterpret_cast<C*>(c.data()), wide}, mode,
                            with_bias ? reinterpret_cast<const C*>(bias.data()) : nullptr);
  const auto at = [&](const auto& matrix, std::int64_t row, std::int64_t column) {
    return to_float(matrix[static_cast<std::size_t>(row * wide + column)]);
  };
  for (std::int64_t row = 0; row < m; ++row)
    for (std::int64_t column = 0; column < wide; ++column) {
      float sum = mode == ops::Product::add || column >= n ? at(before, row, column) : 0.0F;
      if (column < n) {
        for (std::int64_t inner = 0; inner < k; ++inner)
          sum += (a_stored == ops::Transpose::yes ? at(a, inner, row) : at(a, row, inner)) *
                 (b_stored == ops::Transpose::yes ? at(b, column, inner) : at(b, inner, column));
        if (with_bias) sum += to_float(bias[static_cast<std::size_t>(column)]);
      }
      // the numbers are multiples of 1/64: sums are exact before they are rounded
      CHECK(at(c, row, column) == to_float(from_float<W>(sum)));
    }
}

template <class T, class C>
void check_products() {
  for (const auto a : {ops::Transpose::no, ops::Transpose::yes})
    for (const auto b : {ops::Transpose::no, ops::Transpose::yes})
      for (const auto mode : {ops::Product::replace, ops::Product::add})
        for (const bool bias : {false, true}) check_product<T, C>(a, b, mode, bias);
}

TEST_CASE("products of the emulated device") {
  check_products<DeviceF32, DeviceF32>();
  check_products<DeviceBf16, DeviceBf16>();
  check_products<DeviceF16, DeviceF16>();
  check_products<DeviceBf16, DeviceF32>();
  check_products<DeviceF16, DeviceF32>();
}

TEST_CASE("products of floats round their inputs to TF32 where asked") {
  const float a = 1.0F + 0x1p-12F, b = 3;
  float c = 0;
  const auto product = [&] {
    ops::device_product<DeviceF32, DeviceF32>(1, 1, 1, {reinterpret_cast<const DeviceF32*>(&a), 1},
                                              {reinterpret_cast<const DeviceF32*>(&b), 1},
                                              {reinterpret_cast<DeviceF32*>(&c), 1}, ops::Product::replace);
    return c;
  };
  CHECK(product() == 3 * a);
  ops::set_float_products(ops::FloatProducts::tf32);
  CHECK(product() == 3);
  ops::set_float_products(ops::FloatProducts::exact);
}

__global__ void add(float* to, const float* from, float more) { to[threadIdx.x] += from[threadIdx.x] + more; }

TEST_CASE("recorded work is done when it is replayed, with the addresses and values it had") {
  const ScopedEmulatedDevice emulated;
  std::byte* memory = device().allocate(16);
  auto* const values = reinterpret_cast<float*>(memory);
  float more = 1;
  const auto work = device().record([&] {
    device().fill_zero(memory, 4);
    auto* const space = reinterpret_cast<float*>(device().workspace(8));
    device().copy(reinterpret_cast<std::byte*>(space), memory + 8, 8);
    launch(add, 1, 2, 0, Stream{}, values, space, more);
    ops::device_product<DeviceF32, DeviceF32>(1, 1, 1, {reinterpret_cast<const DeviceF32*>(values + 1), 1},
                                              {reinterpret_cast<const DeviceF32*>(values + 2), 1},
                                              {reinterpret_cast<DeviceF32*>(values + 3), 1},
                                              ops::Product::replace);
  });
  CHECK(values[1] == 0);
  more = 100;
  device().workspace(8);
  values[0] = 50;
  values[2] = 2;
  values[3] = 7;
  work->replay();
  CHECK(values[0] == 3);   // 0 + 2 + 1
  CHECK(values[1] == 8);   // 0 + 7 + 1
  CHECK(values[3] == 16);  // 8 * 2
  work->replay();
  CHECK(values[0] == 3);
  CHECK(values[1] == 25);  // 8 + 16 + 1
  CHECK(values[3] == 50);
  device().release(memory);
}

TEST_CASE("what a graph cannot hold is refused where work is recorded") {
  const ScopedEmulatedDevice emulated;
  std::byte* memory = device().allocate(16);
  float value = 0;
  CHECK_THROWS_AS(device().record([&] { device().upload(memory, &value, 4); }), DeviceError);
  CHECK_THROWS_AS(device().record([&] { device().download(&value, memory, 4); }), DeviceError);
  CHECK_THROWS_AS(device().record([&] { device().synchronise(); }), DeviceError);
  CHECK_THROWS_AS(device().record([&] { device().allocate(4); }), DeviceError);
  CHECK_THROWS_AS(device().record([&] { device().record([] {}); }), DeviceError);
  device().upload(memory, &value, 4);
  device().release(memory);
}

}  // namespace
}  // namespace gpt::tensor
