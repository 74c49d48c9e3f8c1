#include "libgpt/ops/adamw.hpp"
#include "libgpt/ops/convert.hpp"
#include "libgpt/ops/norm.hpp"
#include "libgpt/ops/rows.hpp"
#include "libgpt/ops/shape_error.hpp"
#include "tests/unit/libgpt/ops/cuda/device_check.hpp"

using namespace gpt;
using device_check::on_device;
using device_check::random_values;
using tensor::DeviceF32;

namespace {

struct Stretch {
  std::int64_t count;
  std::size_t offset;
};

// One element, packs and what is left of one, more than one block, and such that lie anywhere.
const std::vector<Stretch> kStretches = {{1, 0}, {3, 0}, {4, 1}, {37, 0}, {1024, 0}, {5003, 0}, {5003, 3}};

}  // namespace

TEST_CASE_TEMPLATE("AdamW on the device is the CPU's", T, GPT_DEVICE_TYPES) {
  const cuda_on_cpu::ScopedEmulatedDevice device;
  for (const Stretch& s : kStretches) {
    CAPTURE(s.count);
    auto weight = random_values<DeviceF32>(s.count, 1), first = random_values<DeviceF32>(s.count, 3, 0.1),
         second = random_values<DeviceF32>(s.count, 4, 0.1);
    for (double& v : second) v = device_check::rounded<DeviceF32>(v * v);
    second.front() = 0;
    auto on_weight = on_device<DeviceF32>(weight, s.offset), on_first = on_device<DeviceF32>(first, s.offset),
         on_second = on_device<DeviceF32>(second, s.offset);
    auto rounded = device_check::zeros<T>(weight.size(), s.offset);
    for (std::int64_t step = 3; step < 5; ++step) {
      const ops::AdamWSettings settings{0.01, 0.9, 0.95, 1e-8, 0.1, 0.5, step};
      const auto gradient = random_values<DeviceF32>(s.count, static_cast<unsigned>(10 + step));
      const auto on_gradient = on_device<DeviceF32>(gradient, s.offset);
      ops::adamw<double>(settings, weight, gradient, first, second);
      ops::adamw<T>(settings, on_weight.span(), on_gradient.span(), on_first.span(), on_second.span(),
                    step == 3 ? std::span<T>() : rounded.span());
    }
    device_check::check_near<DeviceF32>(on_weight.numbers(), weight, 1e-6);
    device_check::check_near<DeviceF32>(on_first.numbers(), first, 1e-6);
    device_check::check_near<DeviceF32>(on_second.numbers(), second, 1e-6);
    std::vector<double> of_weight;
    for (const double w : on_weight.numbers()) of_weight.push_back(device_check::rounded<T>(w));
    CHECK(rounded.numbers() == of_weight);
  }
}

TEST_CASE_TEMPLATE("the sum of squares on the device is the CPU's", T, GPT_DEVICE_TYPES) {
  const cuda_on_cpu::ScopedEmulatedDevice device;
  for (const Stretch& s :
       {Stretch{1, 0}, Stretch{5, 0}, Stretch{4096, 1}, Stretch{70001, 0}, Stretch{70001, 1}}) {
    CAPTURE(s.count);
    const auto x = random_values<T>(s.count, 1, 3);
    double wanted = 7;
    for (const double value : x) wanted += value * value;
    const auto on = on_device<T>(x, s.offset);
    const auto seen = device_check::same_in_every_order([&] {
      device_check::OnDevice<tensor::OnDevice<double>> sum(std::vector<double>{7});
      ops::add_sum_of_squares<T>(on.span(), sum.span());
      return sum.values();
    });
    device_check::check_close(seen, {wanted}, 1e-13);
  }
  // Many blocks, in several turns.
  const std::int64_t many = 9 << 20;
  auto ones = device_check::on_device<T>(std::vector<double>(static_cast<std::size_t>(many), 0.5));
  CHECK(ops::sum_of_squares<T>(ones.span()) == static_cast<double>(many) / 4);
  CHECK(ops::sum_of_squares<T>(std::span<const T>()) == 0);
}

TEST_CASE_TEMPLATE("a sum of squares shows what is not finite", T, GPT_DEVICE_TYPES) {
  const cuda_on_cpu::ScopedEmulatedDevice device;
  for (const double bad :
       {std::numeric_limits<double>::infinity(), std::numeric_limits<double>::quiet_NaN()}) {
    std::vector<double> x(1000, 1.0);
    x[777] = bad;
    CHECK_FALSE(std::isfinite(ops::sum_of_squares<T>(on_device<T>(x).span())));
  }
}

TEST_CASE_TEMPLATE("elements are rounded and widened on the device", T, GPT_DEVICE_TYPES) {
  const cuda_on_cpu::ScopedEmulatedDevice device;
  for (const Stretch& s : kStretches) {
    CAPTURE(s.count);
    const auto x = random_values<DeviceF32>(s.count, 1, 100);
    std::vector<double> wanted;
    for (const double value : x) wanted.push_back(device_check::rounded<T>(value));
    auto narrow = device_check::zeros<T>(x.size(), s.offset);
    ops::round_to<T>(on_device<DeviceF32>(x, s.offset).span(), narrow.span());
    CHECK(narrow.numbers() == wanted);
    auto wide = device_check::zeros<DeviceF32>(x.size(), s.offset);
    ops::widen<T>(narrow.span(), wide.span());
    CHECK(wide.numbers() == wanted);
  }
}

TEST_CASE_TEMPLATE("rows are gathered on the device", T, GPT_DEVICE_TYPES) {
  const cuda_on_cpu::ScopedEmulatedDevice device;
  for (const std::int64_t columns : {1, 7, 64, 776}) {
    for (const std::size_t offset : {0u, 1u}) {
      CAPTURE(columns);
      const auto x = random_values<T>(11 * columns, 1);
      const std::vector<std::int32_t> rows = {10, 0, 3, 3, 9};
      const device_check::OnDevice<tensor::OnDevice<std::int32_t>> on_rows(rows);
      std::vector<double> wanted(rows.size() * static_cast<std::size_t>(columns));
      ops::gather_rows<double>(columns, x, rows, wanted);
      auto y = device_check::zeros<T>(wanted.size(), offset);
      ops::gather_rows<T>(columns, on_device<T>(x, offset).span(), on_rows.span(), y.span());
      CHECK(y.numbers() == wanted);
    }
  }
}

TEST_CASE("the optimizer's ops on the device refuse sizes that do not belong together") {
  const cuda_on_cpu::ScopedEmulatedDevice device;
  using T = tensor::DeviceBf16;
  auto three = device_check::zeros<DeviceF32>(3), two = device_check::zeros<DeviceF32>(2);
  auto rounded = device_check::zeros<T>(2);
  CHECK_THROWS_AS(ops::adamw<T>({}, three.span(), two.span(), three.span(), three.span()), ops::ShapeError);
  CHECK_THROWS_AS(ops::adamw<T>({}, three.span(), three.span(), three.span(), three.span(), rounded.span()),
                  ops::ShapeError);
  CHECK_THROWS_AS(ops::round_to<T>(three.span(), rounded.span()), ops::ShapeError);
  CHECK_THROWS_AS(ops::widen<T>(rounded.span(), three.span()), ops::ShapeError);
}
