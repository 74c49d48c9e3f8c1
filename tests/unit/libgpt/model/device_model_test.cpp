// Whole models on the device, its kernels run on the CPU, against the same models in the CPU's floats.
#include <algorithm>
#include <cmath>
#include <string>

#include <doctest/doctest.h>

#include "tests/support/cuda_on_cpu/device.hpp"
#include "tests/support/cuda_on_cpu/schedule.hpp"
#include "tests/unit/libgpt/model/device_run.hpp"
#include "tests/unit/libgpt/model/golden.hpp"

using namespace gpt;
using cuda_on_cpu::Schedule;
using cuda_on_cpu::ScopedEmulatedDevice;
using cuda_on_cpu::ScopedSchedule;
using device_run::Result;
using device_run::WholeModel;
using tensor::DeviceBf16;
using tensor::DeviceF16;
using tensor::DeviceF32;
using tensor::ValueOf;

namespace {

// Two heads of 64, which the kernels with matrix fragments take; a vocabulary that is a multiple of nothing.
model::ModelConfig model_of(double dropout) {
  model::ModelConfig config = small_model::config(2, dropout);
  config.shape.hidden = 128;
  config.shape.heads = 2;
  config.shape.positions = 24;
  config.init_method_std = 0.05;
  return config;
}

std::vector<float> start_of(const model::ModelConfig& config) {
  WholeModel<float> whole(config);
  whole.stage().initialise(5);
  small_model::move_weights<float>(whole.layout(), whole.stage().weights());
  return device_run::floats_of(std::span<const float>(whole.stage().weights()));
}

template <class T>
Result step_of(const model::ModelConfig& config, const std::vector<float>& weights,
               const model::RecomputeConfig& recompute = {}) {
  WholeModel<T> whole(config, recompute);
  device_run::set_elements(whole.stage().weights(), weights);
  const small_model::Batch first(19, 3), second(19, 4);
  return whole.step({first.view(), second.view()}, 1.0 / 64);
}

double l2(std::span<const float> values) {
  double sum = 0;
  for (const float value : values) sum += static_cast<double>(value) * static_cast<double>(value);
  return std::sqrt(sum);
}

// The largest difference of a tensor's gradient, as a part of its length.
double worst_gradient(const model::ModelConfig& config, const Result& seen, const Result& wanted) {
  const model::ParameterLayout layout(config.shape);
  double worst = 0;
  for (const auto& parameter : layout.parameters()) {
    const auto a = model::tensor_of(std::span<const float>(seen.gradients), parameter);
    const auto b = model::tensor_of(std::span<const float>(wanted.gradients), parameter);
    std::vector<float> difference(a.begin(), a.end());
    for (std::size_t i = 0; i < difference.size(); ++i) difference[i] -= b[i];
    const double part = l2(difference) / l2(b);
    if (!(part <= worst)) worst = part;
  }
  return worst;
}

struct Tolerance {
  double loss, log_probability, gradient;
};

template <class T>
constexpr Tolerance kTolerance = std::is_same_v<T, DeviceF32>    ? Tolerance{1e-6, 1e-4, 1e-4}
                                 : std::is_same_v<T, DeviceBf16> ? Tolerance{5e-3, 0.1, 0.05}
                                                                 : Tolerance{1e-3, 0.02, 0.01};

// Both start from weights that T can hold.
template <class T>
void check_against_floats(const model::ModelConfig& config) {
  const auto weights = device_run::rounded_to<ValueOf<T>>(start_of(config));
  const Result wanted = step_of<float>(config, weights), seen = step_of<T>(config, weights);
  constexpr Tolerance kAllowed = kTolerance<T>;
  CHECK(seen.training.loss == doctest::Approx(wanted.training.loss).epsilon(kAllowed.loss));
  CHECK(seen.training.tokens == wanted.training.tokens);
  CHECK(seen.evaluation.loss == doctest::Approx(wanted.evaluation.loss).epsilon(kAllowed.loss));
  double worst = 0;
  for (std::size_t i = 0; i < wanted.log_probabilities.size(); ++i) {
    const double difference = std::abs(seen.log_probabilities[i] - wanted.log_probabilities[i]);
    if (!(difference <= worst)) worst = difference;
  }
  CHECK(worst < kAllowed.log_probability);
  CHECK(worst_gradient(config, seen, wanted) < kAllowed.gradient);
}

bool same_bits(const Result& a, const Result& b) {
  return a.training.loss == b.training.loss && a.evaluation.loss == b.evaluation.loss &&
         a.log_probabilities == b.log_probabilities && a.gradients == b.gradients;
}

}  // namespace

TEST_CASE_TEMPLATE("a step on the device agrees with floats on the CPU", T, DeviceF32, DeviceBf16,
                   DeviceF16) {
  const ScopedEmulatedDevice device;
  for (const double dropout : {0.0, 0.1}) {
    CAPTURE(dropout);
    check_against_floats<T>(model_of(dropout));
  }
}

TEST_CASE_TEMPLATE("the order in which threads run changes no bit of a step", T, DeviceF32, DeviceBf16) {
  const ScopedEmulatedDevice device;
  const auto config = model_of(0.1);
  const auto weights = start_of(config);
  const Result in_order = step_of<T>(config, weights);
  for (const std::uint64_t seed : {1, 2}) {
    CAPTURE(seed);
    const ScopedSchedule scope(Schedule{seed});
    CHECK(same_bits(step_of<T>(config, weights), in_order));
  }
}

TEST_CASE_TEMPLATE("what is computed again on the device has the same bits", T, DeviceF32, DeviceBf16) {
  const ScopedEmulatedDevice device;
  const auto config = model_of(0.1);
  const auto weights = start_of(config);
  const Result kept = step_of<T>(config, weights);
  model::RecomputeConfig recompute;
  recompute.granularity = cost::Recompute::selective;
  CHECK(same_bits(step_of<T>(config, weights, recompute), kept));
  recompute.granularity = cost::Recompute::full;
  recompute.method = model::RecomputeConfig::Method::uniform;
  recompute.layers = 1;
  CHECK(same_bits(step_of<T>(config, weights, recompute), kept));
}

TEST_CASE("loss and gradients of the reference model on the device agree with torch") {
  const ScopedEmulatedDevice device;
  for (const auto& folder : golden::folders()) {
    CAPTURE(folder);
    simdjson::dom::parser parser;
    const simdjson::dom::element golden = parser.load(folder + "/golden.json");
    model::Gpt<float> reference(golden::config(folder));
    golden::load_weights(folder, reference);
    const std::vector<float> weights(reference.weights().begin(), reference.weights().end());
    const auto batch = golden::batch(golden, 0);
    const double loss = golden["loss"].get_double();

    WholeModel<DeviceF32> floats(reference.config());
    device_run::set_elements(floats.stage().weights(), weights);
    const Result result = floats.step({batch.view()}, 1.0 / 256);
    CHECK(result.training.mean() == doctest::Approx(loss).epsilon(1e-5));
    for (const auto& parameter : floats.layout().parameters()) {
      CAPTURE(parameter.name);
      CHECK(l2(model::tensor_of(std::span<const float>(result.gradients), parameter)) ==
            doctest::Approx(golden["grad_l2"][parameter.name].get_double()).epsilon(1e-4));
    }
    WholeModel<DeviceBf16> brief(reference.config());
    device_run::set_elements(brief.stage().weights(), weights);
    CHECK(brief.step({batch.view()}, 1.0 / 256).training.mean() == doctest::Approx(loss).epsilon(1e-2));
  }
}
