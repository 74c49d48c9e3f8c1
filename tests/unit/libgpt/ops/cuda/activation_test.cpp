#include "libgpt/ops/gelu.hpp"
#include "libgpt/ops/shape_error.hpp"
#include "tests/unit/libgpt/ops/cuda/device_check.hpp"

using namespace gpt;
using device_check::on_device;
using device_check::random_values;

namespace {

struct Shape {
  std::int64_t rows, columns;
  std::size_t offset;
};

const std::vector<Shape> kShapes = {{1, 1, 0},  {1, 8, 0},  {3, 5, 0},    {4, 64, 0},
                                    {4, 64, 1}, {7, 72, 0}, {2, 3073, 0}, {3, 4096, 0}};

}  // namespace

TEST_CASE_TEMPLATE("bias and GELU on the device are the CPU's", T, GPT_DEVICE_TYPES) {
  const cuda_on_cpu::ScopedEmulatedDevice device;
  for (const Shape& s : kShapes) {
    CAPTURE(s.rows);
    CAPTURE(s.columns);
    auto x = random_values<T>(s.rows * s.columns, 1, 3);
    const auto bias = random_values<T>(s.columns, 2);
    auto on = on_device<T>(x, s.offset), y = on_device<T>(x, s.offset);
    ops::bias_gelu_forward<T>(s.rows, s.columns, on_device<T>(bias, s.offset).span(), on.span(), y.span());
    std::vector<double> sums(x.size());
    ops::bias_gelu_forward<double>(s.rows, s.columns, bias, x, sums);
    device_check::check_near<T>(on.numbers(), x);
    // y is that of the x kept, which is rounded.
    auto kept = on.numbers();
    ops::bias_gelu_forward<double>(s.rows, s.columns, std::vector<double>(bias.size()), kept, sums);
    device_check::check_near<T>(y.numbers(), sums, 1e-6);
  }
}

TEST_CASE_TEMPLATE("the gradient of GELU on the device is the CPU's", T, GPT_DEVICE_TYPES) {
  const cuda_on_cpu::ScopedEmulatedDevice device;
  for (const Shape& s : kShapes) {
    CAPTURE(s.rows);
    CAPTURE(s.columns);
    const auto x = random_values<T>(s.rows * s.columns, 1, 3), dy = random_values<T>(s.rows * s.columns, 2);
    std::vector<double> wanted(x.size());
    ops::gelu_backward<double>(x, dy, wanted);
    auto dx = on_device<T>(dy, s.offset);  // and dy
    ops::gelu_backward<T>(on_device<T>(x, s.offset).span(), dx.span(), dx.span());
    device_check::check_near<T>(dx.numbers(), wanted, 1e-6);
  }
}

TEST_CASE_TEMPLATE("GELU on the device at its ends", T, GPT_DEVICE_TYPES) {
  const cuda_on_cpu::ScopedEmulatedDevice device;
  const std::vector<double> x = {-60000, -100, -20, -10, -0.0, 0, 10, 20, 100, 60000};
  const std::vector<double> ones(x.size(), 1.0);
  auto on = on_device<T>(x), y = on_device<T>(x), dx = on_device<T>(x);
  ops::bias_gelu_forward<T>(1, 10, device_check::zeros<T>(10).span(), on.span(), y.span());
  ops::gelu_backward<T>(on.span(), on_device<T>(ones).span(), dx.span());
  const auto kept = on.numbers(), ys = y.numbers(), slopes = dx.numbers();
  for (std::size_t i = 0; i < x.size(); ++i) {
    CAPTURE(x[i]);
    CHECK(std::abs(ys[i] - std::max(0.0, kept[i])) <= 1e-6);
    if (i < 4) CHECK(std::abs(slopes[i]) <= 1e-6);
    if (i == 4 || i == 5) CHECK(slopes[i] == doctest::Approx(0.5));
    if (i > 5) CHECK(slopes[i] == doctest::Approx(1));
  }
}

TEST_CASE("GELU on the device refuses sizes that do not belong together") {
  const cuda_on_cpu::ScopedEmulatedDevice device;
  auto six = device_check::zeros<tensor::DeviceF32>(6), two = on_device<tensor::DeviceF32>({1, 2});
  CHECK_THROWS_AS(ops::bias_gelu_forward<tensor::DeviceF32>(2, 3, two.span(), six.span(), six.span()),
                  ops::ShapeError);
  CHECK_THROWS_AS(ops::gelu_backward<tensor::DeviceF32>(six.span(), two.span(), six.span()), ops::ShapeError);
}
