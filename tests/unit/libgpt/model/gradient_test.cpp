#include <cmath>
#include <random>

#include <doctest/doctest.h>

#include "libgpt/model/gpt.hpp"
#include "tests/unit/libgpt/model/small_model.hpp"

using namespace gpt;

namespace {

model::ModelConfig small_config(double dropout) {
  model::ModelConfig config = small_model::config(2, dropout);
  config.shape.heads = 3;
  return config;
}

struct Example {
  std::vector<std::int32_t> tokens, targets, attend_from;
  std::vector<float> mask;
  std::vector<std::uint64_t> samples = {11, 12};
  model::MicroBatch batch;
};

Example example() {
  Example e;
  std::mt19937 random(3);
  for (int i = 0; i < 2 * 13; ++i) {
    e.tokens.push_back(static_cast<std::int32_t>(random() % 37));
    e.targets.push_back(static_cast<std::int32_t>(random() % 37));
    e.mask.push_back(i % 5 == 2 ? 0.0f : 1.0f);
    e.attend_from.push_back(i >= 13 && i % 13 >= 6 ? 6 : 0);  // a second document in the second sequence
  }
  e.batch.sequences = 2;
  e.batch.length = 13;
  e.batch.tokens = e.tokens;
  e.batch.targets = e.targets;
  e.batch.loss_mask = e.mask;
  e.batch.attend_from = e.attend_from;
  e.batch.sample_indices = e.samples;
  return e;
}

// Central differences of the whole model's loss against its gradient, at some elements of every tensor.
void check_gradients(double dropout) {
  const Example e = example();
  model::Gpt<double> gpt(small_config(dropout));
  gpt.initialise(5);
  // Norms and biases start where their gradients are special; move them.
  std::mt19937 random(17);
  for (double& w : gpt.weights()) w += 0.05 * (static_cast<double>(random() % 2001) / 1000 - 1);

  std::vector<double> gradients(gpt.layout().buffer_size());
  std::vector<double> unused(gradients.size());
  const auto loss = [&](std::vector<double>& into) {
    return gpt.forward_backward(e.batch, 0.125, 99, model::Gradients::replace, into).loss * 0.125;
  };
  loss(gradients);
  for (const auto& parameter : gpt.layout().parameters()) {
    CAPTURE(parameter.name);
    for (int probe = 0; probe < 4; ++probe) {
      const std::size_t at = parameter.offset + random() % parameter.count;
      const double kept = gpt.weights()[at];
      constexpr double kStep = 1e-5;
      gpt.weights()[at] = kept + kStep;
      const double above = loss(unused);
      gpt.weights()[at] = kept - kStep;
      const double below = loss(unused);
      gpt.weights()[at] = kept;
      const double measured = (above - below) / (2 * kStep);
      CAPTURE(at - parameter.offset);
      CHECK(std::abs(gradients[at] - measured) < 1e-7 * (1 + std::abs(measured)));
    }
  }
}

}  // namespace

TEST_CASE("the model's gradient is that of its loss") { check_gradients(0); }

TEST_CASE("the model's gradient is that of its loss, with dropout") { check_gradients(0.3); }

TEST_CASE("masked tokens take no part, nor do keys before attend_from") {
  Example e = example();
  model::Gpt<double> gpt(small_config(0));
  gpt.initialise(5);
  std::vector<double> before(e.tokens.size()), after(e.tokens.size());
  const double loss = gpt.forward_loss(e.batch, before).loss;
  for (std::size_t i = 0; i < e.targets.size(); ++i) {
    if (e.mask[i] == 0) e.targets[i] = (e.targets[i] + 1) % 37;
  }
  e.tokens[13] = (e.tokens[13] + 1) % 37;  // of the first document of the second sequence
  gpt.forward_loss(e.batch, after);
  for (std::size_t i = 13 + 6; i < before.size(); ++i) {
    if (e.mask[i] != 0) CHECK(before[i] == doctest::Approx(after[i]).epsilon(1e-12));
  }
  CHECK(before[14] != after[14]);
  e.tokens[13] = (e.tokens[13] + 36) % 37;
  CHECK(gpt.forward_loss(e.batch).loss == doctest::Approx(loss).epsilon(1e-12));
  CHECK(gpt.forward_loss(e.batch).tokens == 21);
}

TEST_CASE("dropout depends on the sample's place in training, not on how a batch is cut") {
  const Example e = example();
  model::Gpt<double> gpt(small_config(0.3));
  gpt.initialise(5);
  std::vector<double> whole(gpt.layout().buffer_size()), cut(whole.size());
  const auto loss = gpt.forward_backward(e.batch, 1, 4, model::Gradients::replace, whole);

  model::MicroBatch half = e.batch;
  half.sequences = 1;
  model::LossSum sum;
  for (std::size_t i = 0; i < 2; ++i) {
    half.tokens = e.batch.tokens.subspan(13 * i, 13);
    half.targets = e.batch.targets.subspan(13 * i, 13);
    half.loss_mask = e.batch.loss_mask.subspan(13 * i, 13);
    half.attend_from = e.batch.attend_from.subspan(13 * i, 13);
    half.sample_indices = e.batch.sample_indices.subspan(i, 1);
    sum += gpt.forward_backward(half, 1, 4, i == 0 ? model::Gradients::replace : model::Gradients::add, cut);
  }
  CHECK(sum.loss == doctest::Approx(loss.loss).epsilon(1e-12));
  for (std::size_t i = 0; i < whole.size(); ++i) CHECK(std::abs(whole[i] - cut[i]) < 1e-10);

  const auto other_seed = gpt.forward_backward(e.batch, 1, 5, model::Gradients::replace, cut);
  CHECK(other_seed.loss != loss.loss);
}
