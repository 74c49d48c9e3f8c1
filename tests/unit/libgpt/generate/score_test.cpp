#include "libgpt/generate/score.hpp"

#include <cmath>
#include <vector>

#include <doctest/doctest.h>

#include "tests/support/inference_ranks.hpp"

namespace gpt::generate {
namespace {

constexpr std::int64_t kPositions = 8;

// A model with but one position that matters little is enough to tell windows apart.
model::Gpt<float> small_model() {
  model::ModelConfig config;
  config.shape.layers = 2;
  config.shape.hidden = 16;
  config.shape.heads = 2;
  config.shape.positions = kPositions;
  config.shape.vocabulary = 11;
  config.init_method_std = 0.4;
  model::Gpt<float> model(config);
  model.initialise(2);
  return model;
}

// -log p of the last of tokens[begin ... end] given those before it.
double last_loss(model::Gpt<float>& model, const std::vector<std::int32_t>& tokens, std::int64_t begin,
                 std::int64_t end) {
  const std::span<const std::int32_t> input =
      std::span(tokens).subspan(static_cast<std::size_t>(begin), static_cast<std::size_t>(end - begin));
  model::MicroBatch batch;
  batch.sequences = 1;
  batch.length = end - begin;
  batch.tokens = input;
  std::vector<float> logits(input.size() * 11);
  model.forward_logits(batch, logits);
  const auto row = std::span<const float>(logits).last(11);
  double total = 0;
  for (const float logit : row) total += std::exp(static_cast<double>(logit));
  return std::log(total) -
         static_cast<double>(row[static_cast<std::size_t>(tokens[static_cast<std::size_t>(end)])]);
}

TEST_CASE("every token is scored once, with the context its window gives it") {
  auto model = small_model();
  test::InferenceAlone alone(model);
  std::vector<std::int32_t> tokens;
  for (int i = 0; i < 30; ++i) tokens.push_back((i * i + 3) % 11);
  for (const std::int64_t stride : {1, 3, 8}) {
    for (const std::int64_t size : {2, 5, 9, 10, 24, 30}) {
      CAPTURE(stride);
      CAPTURE(size);
      const std::vector<std::int32_t> text(tokens.begin(), tokens.begin() + size);
      double wanted = 0;
      for (std::int64_t target = 1; target < size; ++target) {
        std::int64_t window_end = std::min(size - 1, kPositions);
        while (window_end < target) window_end = std::min(size - 1, window_end + stride);
        wanted += last_loss(model, text, std::max<std::int64_t>(0, window_end - kPositions), target);
      }
      const auto score = score_tokens_or_throw(alone.model(), text, stride);
      CHECK(score.tokens == size - 1);
      CHECK(score.loss == doctest::Approx(wanted).epsilon(1e-5));
      CHECK(score.perplexity() ==
            doctest::Approx(std::exp(wanted / static_cast<double>(size - 1))).epsilon(1e-5));
    }
  }
}

TEST_CASE("scores add up, and a text of one token has none") {
  test::InferenceAlone alone(small_model());
  CHECK(score_tokens_or_throw(alone.model(), std::vector<std::int32_t>{3}, 4).tokens == 0);
  Score sum{1.5, 3};
  sum += {0.5, 1};
  CHECK(sum.mean_loss() == 0.5);
}

TEST_CASE("a score is the same whatever ranks the model lies on") {
  const auto model = small_model();
  std::vector<std::int32_t> tokens;
  for (int i = 0; i < 30; ++i) tokens.push_back((i * i + 3) % 11);
  test::InferenceAlone alone(model);
  const auto wanted = score_tokens_or_throw(alone.model(), tokens, 3);
  for (const auto& [tensor, pipeline] : {std::pair{2, 1}, {1, 2}, {2, 2}}) {
    cost::Layout layout;
    layout.tensor = tensor;
    layout.pipeline = pipeline;
    Score score;
    test::infer_on_ranks(layout, model, [&](model::InferenceModel& spread) {
      score = score_tokens_or_throw(spread, tokens, 3);
    });
    CHECK(score.tokens == wanted.tokens);
    CHECK(score.loss == doctest::Approx(wanted.loss).epsilon(1e-6));
  }
}

}  // namespace
}  // namespace gpt::generate
