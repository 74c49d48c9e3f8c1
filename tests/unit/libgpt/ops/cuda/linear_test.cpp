#include "libgpt/ops/linear.hpp"

#include <doctest/doctest.h>

#include "libgpt/ops/shape_error.hpp"
#include "tests/support/cuda_on_cpu/device.hpp"
#include "tests/support/cuda_on_cpu/schedule.hpp"
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

// Both sides of every op: the host's float op on the numbers that the device really has, and the device's.
struct Sizes {
  LinearShape shape;
  std::size_t x, weight, y;
  explicit Sizes(const LinearShape& s)
      : shape(s),
        x(static_cast<std::size_t>(s.rows * s.in)),
        weight(static_cast<std::size_t>(s.in * s.out)),
        y(static_cast<std::size_t>(s.rows * s.out)) {}
  // Sums over so many products of normal numbers are of this size.
  double scale(std::int64_t terms) const { return std::sqrt(static_cast<double>(terms)); }
};

const Sizes kSizes[] = {Sizes({1, 8, 8}),     Sizes({1, 200, 840}), Sizes({2, 40, 1000}), Sizes({3, 24, 24}),
                        Sizes({4, 72, 3208}), Sizes({1, 72, 6400}), Sizes({4, 7, 16}),    Sizes({7, 5, 3}),
                        Sizes({33, 24, 40}),  Sizes({64, 16, 257}), Sizes({70, 31, 264})};

}  // namespace

TEST_CASE_TEMPLATE("linear layers on the device compute what they do on the host", T, DeviceF32, DeviceBf16,
                   DeviceF16) {
  const cuda_on_cpu::ScopedEmulatedDevice device;
  const double tolerance = 4 * kRounding<T> + 4e-6;  // sums in another order
  for (const Sizes& sizes : kSizes) {
    const LinearShape& s = sizes.shape;
    CAPTURE(s.rows);
    CAPTURE(s.in);
    CAPTURE(s.out);
    const DeviceTensor<T> x(normal_numbers(sizes.x, 1)), weight(normal_numbers(sizes.weight, 2)),
        bias(normal_numbers(static_cast<std::size_t>(s.out), 3)), dy(normal_numbers(sizes.y, 4));
    const auto h_x = x.floats(), h_weight = weight.floats(), h_bias = bias.floats(), h_dy = dy.floats();

    DeviceTensor<T> y(sizes.y);
    std::vector<float> h_y(sizes.y);
    linear_forward<T>(s, x.span(), weight.span(), bias.span(), y.span());
    linear_forward<float>(s, h_x, h_weight, h_bias, h_y);
    CHECK(largest_error(y.floats(), h_y, sizes.scale(s.in)) < tolerance);
    linear_forward<T>(s, x.span(), weight.span(), {}, y.span());
    linear_forward<float>(s, h_x, h_weight, {}, h_y);
    CHECK(largest_error(y.floats(), h_y, sizes.scale(s.in)) < tolerance);

    DeviceTensor<T> dx(sizes.x);
    std::vector<float> h_dx(sizes.x);
    linear_backward_input<T>(s, dy.span(), weight.span(), dx.span());
    linear_backward_input<float>(s, h_dy, h_weight, h_dx);
    CHECK(largest_error(dx.floats(), h_dx, sizes.scale(s.out)) < tolerance);
  }
}

TEST_CASE_TEMPLATE("gradients of weights and biases are summed in fp32, replaced or added", T, DeviceF32,
                   DeviceBf16, DeviceF16) {
  const cuda_on_cpu::ScopedEmulatedDevice device;
  for (const Sizes& sizes : kSizes) {
    const LinearShape& s = sizes.shape;
    CAPTURE(s.rows);
    CAPTURE(s.out);
    const DeviceTensor<T> x(normal_numbers(sizes.x, 1)), dy(normal_numbers(sizes.y, 4));
    DeviceTensor<DeviceF32> d_weight(sizes.weight), d_bias(static_cast<std::size_t>(s.out));
    std::vector<float> h_weight(sizes.weight), h_bias(static_cast<std::size_t>(s.out));
    for (const Product mode : {Product::replace, Product::add}) {
      linear_backward_weight<T>(s, x.span(), dy.span(), mode, d_weight.span(), d_bias.span());
      linear_backward_weight<float>(s, x.floats(), dy.floats(), mode, h_weight, h_bias);
    }
    // The inputs are the same numbers and nothing is rounded to 16 bits: only the order of adding differs.
    CHECK(largest_error(d_weight.floats(), h_weight, sizes.scale(s.rows)) < 1e-5);
    CHECK(largest_error(d_bias.floats(), h_bias, sizes.scale(s.rows)) < 1e-5);
  }
}

TEST_CASE_TEMPLATE("the embedding table as output layer", T, DeviceF32, DeviceBf16, DeviceF16) {
  const cuda_on_cpu::ScopedEmulatedDevice device;
  const double tolerance = 4 * kRounding<T> + 4e-6;  // sums in another order
  for (const Sizes& sizes : kSizes) {
    const LinearShape& s = sizes.shape;
    CAPTURE(s.rows);
    const DeviceTensor<T> x(normal_numbers(sizes.x, 1)), table(normal_numbers(sizes.weight, 2)),
        dy(normal_numbers(sizes.y, 4));
    DeviceTensor<T> y(sizes.y), dx(sizes.x);
    DeviceTensor<DeviceF32> d_table(sizes.weight);
    std::vector<float> h_y(sizes.y), h_dx(sizes.x), h_table(sizes.weight);
    table_forward<T>(s, x.span(), table.span(), y.span());
    table_forward<float>(s, x.floats(), table.floats(), h_y);
    CHECK(largest_error(y.floats(), h_y, sizes.scale(s.in)) < tolerance);
    table_backward_input<T>(s, dy.span(), table.span(), dx.span());
    table_backward_input<float>(s, dy.floats(), table.floats(), h_dx);
    CHECK(largest_error(dx.floats(), h_dx, sizes.scale(s.out)) < tolerance);
    for (const Product mode : {Product::replace, Product::add}) {
      table_backward_weight<T>(s, x.span(), dy.span(), mode, d_table.span());
      table_backward_weight<float>(s, x.floats(), dy.floats(), mode, h_table);
    }
    CHECK(largest_error(d_table.floats(), h_table, sizes.scale(s.rows)) < 1e-5);
  }
}

TEST_CASE("column sums have the same bits whatever the order in which threads run") {
  const cuda_on_cpu::ScopedEmulatedDevice device;
  const Sizes sizes({300, 8, 257});
  const DeviceTensor<DeviceBf16> x(normal_numbers(sizes.x, 1)), dy(normal_numbers(sizes.y, 4));
  std::vector<float> first;
  for (const auto& schedule : {cuda_on_cpu::Schedule{}, cuda_on_cpu::Schedule{1}, cuda_on_cpu::Schedule{2}}) {
    const cuda_on_cpu::ScopedSchedule scope(schedule);
    DeviceTensor<DeviceF32> d_weight(sizes.weight), d_bias(257);
    linear_backward_weight<DeviceBf16>(sizes.shape, x.span(), dy.span(), Product::replace, d_weight.span(),
                                       d_bias.span());
    if (first.empty()) first = d_bias.floats();
    CHECK(d_bias.floats() == first);
  }
}

TEST_CASE("sizes that do not belong together are refused on the device too") {
  const cuda_on_cpu::ScopedEmulatedDevice device;
  const DeviceTensor<DeviceBf16> x(12), weight(10);
  DeviceTensor<DeviceBf16> y(20);
  CHECK_THROWS_WITH_AS(linear_forward<DeviceBf16>({4, 3, 5}, x.span(), weight.span(), {}, y.span()),
                       "linear: weight has 10 elements where 3 x 5 = 15 are needed", ShapeError);
}
