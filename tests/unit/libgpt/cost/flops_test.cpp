#include "libgpt/cost/flops.hpp"

#include <cmath>

#include <doctest/doctest.h>

#include "libgpt/cost/parameters.hpp"
#include "libgpt/cost/published.hpp"

using namespace gpt::cost;

namespace {

const ModelShape kShape = {.layers = 12, .hidden = 768, .heads = 12, .positions = 1024, .vocabulary = 50304};
const Batch kBatch = {1024, 4, 32};

double closed_form(double factor, double attention_share, double vocabulary_divisor) {
  const double B = 32, s = 1024, L = 12, h = 768, V = 50304;
  return factor * B * s * L * h * h * (1 + s * attention_share / h + V / (vocabulary_divisor * L * h));
}

double days(double tokens, double parameters, double gpus, double teraflops, Recompute recompute) {
  return training_seconds(tokens, parameters, gpus, teraflops * 1e12, recompute) / kSecondsPerDay;
}

double rounded(double value) { return std::round(10 * value) / 10; }

}  // namespace

TEST_CASE("a step's operations are the published closed forms") {
  CHECK(step_flops(kShape, kBatch, Recompute::none) == doctest::Approx(closed_form(72, 1.0 / 6, 12)));
  CHECK(step_flops(kShape, kBatch, Recompute::full) == doctest::Approx(closed_form(96, 1.0 / 6, 16)));
  CHECK(step_flops(kShape, kBatch, Recompute::selective) == doctest::Approx(closed_form(72, 2.0 / 9, 12)));
}

TEST_CASE("a token's operations are a step's over its tokens") {
  CHECK(token_flops(kShape, 1024, Recompute::none) * 1024 * 32 ==
        doctest::Approx(step_flops(kShape, kBatch, Recompute::none)));
}

TEST_CASE("a wider MLP costs its share more") {
  ModelShape wide = kShape;
  wide.ffn_hidden = 8 * 768;
  const double more = token_flops(wide, 1024, Recompute::none) - token_flops(kShape, 1024, Recompute::none);
  CHECK(more == doctest::Approx(3.0 * 12 * 2 * 2 * 768 * 4 * 768));
}

TEST_CASE("the published training times come out") {
  CHECK(rounded(days(300e9, 175e9, 1024, 140, Recompute::full)) == doctest::Approx(33.9));
  CHECK(rounded(days(450e9, 1e12, 3072, 163, Recompute::full)) == doctest::Approx(83.2));
  CHECK(rounded(days(300e9, 2.7e9, 480, 127, Recompute::full)) == doctest::Approx(1.2));
  CHECK(rounded(days(300e9, 6.7e9, 480, 130, Recompute::full)) == doctest::Approx(3.0));
  CHECK(rounded(days(300e9, 13e9, 480, 135, Recompute::full)) == doctest::Approx(5.6));
  CHECK(rounded(days(300e9, 175e9, 480, 140, Recompute::full)) == doctest::Approx(72.3));
  for (const TrainingCase& one : training_cases())
    CHECK(rounded(days(one.tokens, one.parameters, one.gpus, one.teraflops, Recompute::full)) ==
          doctest::Approx(one.published_days));
}

TEST_CASE("without recomputation training takes three quarters of the time") {
  CHECK(days(1e9, 1e9, 8, 100, Recompute::none) ==
        doctest::Approx(0.75 * days(1e9, 1e9, 8, 100, Recompute::full)));
}

TEST_CASE("the approximation 8TP/(nX) is near the exact count for a large model") {
  const ScalingRun& run = scaling_runs().back();
  const double exact = token_flops(shape_of(run), 2048, Recompute::full);
  CHECK(8 * parameter_formula(shape_of(run)) == doctest::Approx(exact).epsilon(0.02));
}
