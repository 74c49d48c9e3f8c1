#include "libgpt/ops/dropout.hpp"

#include "libgpt/ops/shape_error.hpp"
#include "tests/unit/libgpt/ops/cuda/device_check.hpp"

using namespace gpt;
using device_check::on_device;
using device_check::random_values;

namespace {

struct Shape {
  std::int64_t rows, columns, length, first_row;
  std::size_t offset;
};

// Whole groups of 64 columns, parts of one, parts of a pack; sequences that begin within the rows.
const std::vector<Shape> kShapes = {{1, 1, 1, 0, 0},    {3, 64, 2, 0, 0},  {5, 104, 3, 4, 0},
                                    {2, 37, 5, 9, 0},   {4, 128, 4, 0, 1}, {7, 768, 16, 13, 0},
                                    {3, 1601, 2, 1, 0}, {150, 8, 40, 3, 0}};

std::vector<std::uint64_t> samples_of(const Shape& s) {
  std::vector<std::uint64_t> samples;
  for (std::int64_t first = 0; first < s.first_row + s.rows; first += s.length)
    samples.push_back(0x1'0000'0007u * static_cast<std::uint64_t>(first) + 3);
  return samples;
}

const ops::Dropout kDropout = ops::make_dropout(0.3, 1234, ops::DropoutSite::mlp_output, 5);

}  // namespace

TEST_CASE_TEMPLATE("dropout on the device drops what the CPU drops", T, GPT_DEVICE_TYPES) {
  const cuda_on_cpu::ScopedEmulatedDevice device;
  for (const Shape& s : kShapes) {
    CAPTURE(s.rows);
    CAPTURE(s.columns);
    const auto samples = samples_of(s);
    const device_check::OnDevice<tensor::OnDevice<std::uint64_t>> on_samples(samples);
    const ops::DropoutRows<double> rows{s.rows, s.columns, s.length, samples, s.first_row};
    const ops::DropoutRows<T> on_rows{s.rows, s.columns, s.length, on_samples.span(), s.first_row};
    for (const ops::Dropout& dropout : {kDropout, ops::Dropout{}}) {
      const std::vector<double> ones(static_cast<std::size_t>(s.rows * s.columns), 1.0);
      std::vector<double> kept(ones.size());
      ops::dropout<double>(rows, dropout, ones, kept);
      auto y = on_device<T>(ones, s.offset);
      ops::dropout<T>(on_rows, dropout, y.span(), y.span());
      const auto seen = y.numbers();
      std::int64_t different = 0;
      for (std::size_t i = 0; i < seen.size(); ++i) different += (seen[i] == 0) != (kept[i] == 0);
      CHECK(different == 0);
      device_check::check_near<T>(seen, kept);
    }
  }
}

TEST_CASE_TEMPLATE("bias, dropout and residual on the device are the CPU's", T, GPT_DEVICE_TYPES) {
  const cuda_on_cpu::ScopedEmulatedDevice device;
  for (const Shape& s : kShapes) {
    CAPTURE(s.rows);
    CAPTURE(s.columns);
    const auto samples = samples_of(s);
    const device_check::OnDevice<tensor::OnDevice<std::uint64_t>> on_samples(samples);
    const ops::DropoutRows<double> rows{s.rows, s.columns, s.length, samples, s.first_row};
    const ops::DropoutRows<T> on_rows{s.rows, s.columns, s.length, on_samples.span(), s.first_row};
    const auto x = random_values<T>(s.rows * s.columns, 1),
               residual = random_values<T>(s.rows * s.columns, 2), bias = random_values<T>(s.columns, 3);
    for (const ops::Dropout& dropout : {kDropout, ops::Dropout{}}) {
      std::vector<double> wanted(x.size());
      ops::bias_dropout_add<double>(rows, dropout, x, bias, residual, wanted);
      const auto on_bias = on_device<T>(bias, s.offset);
      auto on_x = on_device<T>(x, s.offset), on_residual = on_device<T>(residual, s.offset),
           y = device_check::zeros<T>(x.size(), s.offset);
      ops::bias_dropout_add<T>(on_rows, dropout, on_x.span(), on_bias.span(), on_residual.span(), y.span());
      device_check::check_near<T>(y.numbers(), wanted);
      // y may be either
      auto in_place = on_device<T>(x, s.offset);
      ops::bias_dropout_add<T>(on_rows, dropout, in_place.span(), on_bias.span(), on_residual.span(),
                               in_place.span());
      CHECK(in_place.numbers() == y.numbers());
      ops::bias_dropout_add<T>(on_rows, dropout, on_x.span(), on_bias.span(), on_residual.span(),
                               on_residual.span());
      CHECK(on_residual.numbers() == y.numbers());
    }
  }
}

TEST_CASE("dropout on the device refuses too few sample indices") {
  const cuda_on_cpu::ScopedEmulatedDevice device;
  using T = tensor::DeviceF32;
  const device_check::OnDevice<tensor::OnDevice<std::uint64_t>> samples(std::vector<std::uint64_t>{1});
  auto x = device_check::zeros<T>(6);
  const ops::DropoutRows<T> rows{2, 3, 1, samples.span(), 0};
  CHECK_THROWS_AS(ops::dropout<T>(rows, kDropout, x.span(), x.span()), ops::ShapeError);
}
