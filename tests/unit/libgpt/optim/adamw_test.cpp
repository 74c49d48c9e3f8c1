#include "libgpt/optim/adamw.hpp"

#include <algorithm>
#include <cmath>
#include <vector>

#include <doctest/doctest.h>

using namespace gpt;

namespace {

cost::ModelShape tiny_shape() {
  cost::ModelShape shape;
  shape.layers = 1;
  shape.hidden = 8;
  shape.heads = 2;
  shape.positions = 4;
  shape.vocabulary = 10;
  return shape;
}

}  // namespace

TEST_CASE("AdamW follows its definition, and decays neither biases nor norms") {
  const model::ParameterLayout layout(tiny_shape());
  const optim::AdamWConfig config{0.9, 0.95, 1e-8, 0.1};
  optim::AdamW<double> adamw(layout, config);
  std::vector<double> weights(layout.buffer_size()), gradients(weights.size());
  for (const auto& parameter : layout.parameters()) {
    const auto values = model::tensor_of(std::span<double>(weights), parameter);
    std::fill(values.begin(), values.end(), 0.5);
  }
  std::vector<double> m(weights.size()), v(weights.size()), expected = weights;
  for (int step = 1; step <= 5; ++step) {
    const double rate = 0.01 * step;
    for (std::size_t i = 0; i < gradients.size(); ++i) {
      gradients[i] = weights[i] == 0 ? 0 : std::sin(static_cast<double>(i) + step);
    }
    adamw.step(rate, 0.5, gradients, weights);
    for (const auto& parameter : layout.parameters()) {
      for (std::size_t i = parameter.offset; i < parameter.offset + parameter.count; ++i) {
        const double g = 0.5 * gradients[i];
        m[i] = 0.9 * m[i] + 0.1 * g;
        v[i] = 0.95 * v[i] + 0.05 * g * g;
        const double update =
            m[i] / (1 - std::pow(0.9, step)) / (std::sqrt(v[i] / (1 - std::pow(0.95, step))) + 1e-8);
        expected[i] -= rate * (update + (parameter.shape.size() > 1 ? 0.1 * expected[i] : 0));
      }
    }
  }
  for (std::size_t i = 0; i < weights.size(); ++i)
    CHECK(weights[i] == doctest::Approx(expected[i]).epsilon(1e-12));
  CHECK(adamw.steps() == 5);
}
