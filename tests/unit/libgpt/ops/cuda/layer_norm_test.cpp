#include "libgpt/ops/layer_norm.hpp"

#include "libgpt/ops/shape_error.hpp"
#include "tests/unit/libgpt/ops/cuda/device_check.hpp"

using namespace gpt;
using device_check::on_device;
using device_check::random_values;
using tensor::DeviceF32;

namespace {

struct Shape {
  std::int64_t rows, columns;
  std::size_t offset;  // of all spans, in elements
};

// One row and column; rows of a warp, of a block, too wide for registers; such that do not consist of packs,
// or lie anywhere.
const std::vector<Shape> kShapes = {{1, 1, 0},    {3, 7, 0},    {9, 64, 0},   {9, 64, 3},    {1, 256, 0},
                                    {17, 384, 0}, {5, 768, 0},  {3, 1023, 0}, {6, 1024, 0},  {2, 1600, 0},
                                    {3, 2560, 1}, {2, 4096, 0}, {2, 5120, 0}, {1, 12288, 0}, {1, 16392, 0}};

template <class T>
struct Inputs {
  std::vector<double> x, weight, bias, dy, residual, d_weight, d_bias;

  explicit Inputs(const Shape& s)
      : x(random_values<T>(s.rows * s.columns, 1, 2)),
        weight(random_values<T>(s.columns, 2)),
        bias(random_values<T>(s.columns, 3)),
        dy(random_values<T>(s.rows * s.columns, 4)),
        residual(random_values<T>(s.rows * s.columns, 5)),
        d_weight(random_values<DeviceF32>(s.columns, 6)),
        d_bias(random_values<DeviceF32>(s.columns, 7)) {
    // A row far from zero: the mean must be taken off before squares are summed.
    for (std::int64_t c = 0; c < s.columns; ++c) x[static_cast<std::size_t>(c)] += 64;
    for (double& value : x) value = device_check::rounded<T>(value);
  }
};

struct Results {
  std::vector<double> y, mean, inverse;
};

template <class T>
Results forward_on_cpu(const Shape& s, const Inputs<T>& in) {
  const auto rows = static_cast<std::size_t>(s.rows);
  Results out{std::vector<double>(in.x.size()), std::vector<double>(rows), std::vector<double>(rows)};
  ops::layer_norm_forward<double>({s.rows, s.columns}, 1e-5, in.x, in.weight, in.bias, out.y, out.mean,
                                  out.inverse);
  return out;
}

}  // namespace

TEST_CASE_TEMPLATE("layer norm on the device is the CPU's", T, GPT_DEVICE_TYPES) {
  const cuda_on_cpu::ScopedEmulatedDevice device;
  for (const Shape& s : kShapes) {
    CAPTURE(s.rows);
    CAPTURE(s.columns);
    const Inputs<T> in(s);
    const Results wanted = forward_on_cpu(s, in);
    const auto x = on_device<T>(in.x, s.offset), weight = on_device<T>(in.weight, s.offset),
               bias = on_device<T>(in.bias, s.offset);
    auto y = device_check::zeros<T>(in.x.size(), s.offset);
    auto mean = on_device<DeviceF32>(wanted.mean), inverse = on_device<DeviceF32>(wanted.mean);
    const auto seen = device_check::same_in_every_order([&] {
      ops::layer_norm_forward<T>({s.rows, s.columns}, 1e-5, x.span(), weight.span(), bias.span(), y.span(),
                                 mean.span(), inverse.span());
      return device_check::joined({y.numbers(), mean.numbers(), inverse.numbers()});
    });
    const auto rows = static_cast<std::size_t>(s.rows), elements = in.x.size();
    device_check::check_near<T>(device_check::piece(seen, 0, elements), wanted.y, 1e-5);
    device_check::check_near<DeviceF32>(device_check::piece(seen, elements, rows), wanted.mean);
    device_check::check_near<DeviceF32>(device_check::piece(seen, elements + rows, rows), wanted.inverse);
  }
}

TEST_CASE_TEMPLATE("the gradient of layer norm on the device is the CPU's", T, GPT_DEVICE_TYPES) {
  const cuda_on_cpu::ScopedEmulatedDevice device;
  for (const Shape& s : kShapes) {
    CAPTURE(s.rows);
    CAPTURE(s.columns);
    const Inputs<T> in(s);
    const Results norm = forward_on_cpu(s, in);
    const auto dy = on_device<T>(in.dy, s.offset), x = on_device<T>(in.x, s.offset),
               weight = on_device<T>(in.weight, s.offset);
    const auto mean = on_device<DeviceF32>(norm.mean), inverse = on_device<DeviceF32>(norm.inverse);
    for (const ops::Product mode : {ops::Product::replace, ops::Product::add}) {
      std::vector<double> dx(in.x.size()), d_weight = in.d_weight, d_bias = in.d_bias;
      ops::layer_norm_backward<double>({s.rows, s.columns}, in.dy, in.x, in.weight, norm.mean, norm.inverse,
                                       in.residual, dx, mode, d_weight, d_bias);
      const auto seen = device_check::same_in_every_order([&] {
        auto residual = on_device<T>(in.residual, s.offset);  // and dx
        auto weights = on_device<DeviceF32>(in.d_weight), biases = on_device<DeviceF32>(in.d_bias);
        ops::layer_norm_backward<T>({s.rows, s.columns}, dy.span(), x.span(), weight.span(), mean.span(),
                                    inverse.span(), residual.span(), residual.span(), mode, weights.span(),
                                    biases.span());
        return device_check::joined({residual.numbers(), weights.numbers(), biases.numbers()});
      });
      const std::size_t elements = in.x.size(), columns = in.weight.size();
      device_check::check_near<T>(device_check::piece(seen, 0, elements), dx, 1e-5);
      device_check::check_near<DeviceF32>(device_check::piece(seen, elements, columns), d_weight, 1e-5);
      device_check::check_near<DeviceF32>(device_check::piece(seen, elements + columns, columns), d_bias,
                                          1e-5);
    }
  }
}

// Many rows: every block has several, and their number is no multiple of anything.
TEST_CASE_TEMPLATE("the gradient of layer norm over many rows", T, GPT_DEVICE_TYPES) {
  const cuda_on_cpu::ScopedEmulatedDevice device;
  for (const Shape& s : {Shape{4999, 32, 0}, Shape{1031, 520, 0}, Shape{1031, 9, 0}}) {
    CAPTURE(s.columns);
    const Inputs<T> in(s);
    const Results norm = forward_on_cpu(s, in);
    std::vector<double> dx(in.x.size()), d_weight = in.d_weight, d_bias = in.d_bias;
    ops::layer_norm_backward<double>({s.rows, s.columns}, in.dy, in.x, in.weight, norm.mean, norm.inverse,
                                     in.residual, dx, ops::Product::add, d_weight, d_bias);
    const auto dy = on_device<T>(in.dy), x = on_device<T>(in.x), weight = on_device<T>(in.weight),
               residual = on_device<T>(in.residual);
    const auto mean = on_device<DeviceF32>(norm.mean), inverse = on_device<DeviceF32>(norm.inverse);
    auto out = on_device<T>(dx);
    auto weights = on_device<DeviceF32>(in.d_weight), biases = on_device<DeviceF32>(in.d_bias);
    ops::layer_norm_backward<T>({s.rows, s.columns}, dy.span(), x.span(), weight.span(), mean.span(),
                                inverse.span(), residual.span(), out.span(), ops::Product::add,
                                weights.span(), biases.span());
    device_check::check_near<T>(out.numbers(), dx, 1e-5);
    device_check::check_near<DeviceF32>(weights.numbers(), d_weight, 1e-5);
    device_check::check_near<DeviceF32>(biases.numbers(), d_bias, 1e-5);
  }
}

TEST_CASE("layer norm on the device refuses sizes that do not belong together") {
  const cuda_on_cpu::ScopedEmulatedDevice device;
  auto six = device_check::zeros<DeviceF32>(6), three = device_check::zeros<DeviceF32>(3),
       two = device_check::zeros<DeviceF32>(2);
  CHECK_THROWS_AS(ops::layer_norm_forward<DeviceF32>({2, 3}, 1e-5, six.span(), two.span(), three.span(),
                                                     six.span(), two.span(), two.span()),
                  ops::ShapeError);
  CHECK_THROWS_AS(ops::layer_norm_backward<DeviceF32>({2, 3}, six.span(), six.span(), three.span(),
                                                      two.span(), two.span(), six.span(), six.span(),
                                                      ops::Product::add, three.span(), two.span()),
                  ops::ShapeError);
}
