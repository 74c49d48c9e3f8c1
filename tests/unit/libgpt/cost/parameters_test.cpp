#include "libgpt/cost/parameters.hpp"

#include <cmath>
#include <string>

#include <doctest/doctest.h>

#include "libgpt/cost/published.hpp"

using namespace gpt::cost;

TEST_CASE("GPT-2's smallest model has 124,439,808 parameters") {
  const ModelShape gpt2 = {.layers = 12, .hidden = 768, .heads = 12, .positions = 1024, .vocabulary = 50257};
  CHECK(parameter_count(gpt2) == 124439808);
}

TEST_CASE("the formula leaves out the final LayerNorm alone") {
  const ModelShape shape = {.layers = 7, .hidden = 96, .heads = 4, .positions = 64, .vocabulary = 1000};
  CHECK(parameter_formula(shape) + 2 * 96 == doctest::Approx(static_cast<double>(parameter_count(shape))));
}

TEST_CASE("the weak-scaling table's parameter counts come out to the printed digits") {
  for (const ScalingRun& run : scaling_runs()) {
    const double billions = parameter_formula(shape_of(run)) / 1e9;
    CAPTURE(run.hidden);
    CHECK(std::round(10 * billions) / 10 == doctest::Approx(run.published_billions).epsilon(1e-6));
    CHECK(layout_of(run).processes() == run.gpus);
    CHECK(run.layers % run.pipeline == 0);
    CHECK(run.global_batch % (run.micro_batch * layout_of(run).data) == 0);
  }
  CHECK(scaling_runs().size() == 10);
}

TEST_CASE("GPT-3's eight names are their parameter counts") {
  for (const Gpt3Model& model : gpt3_models()) {
    const std::string name(model.published_parameters);
    const double published = std::stod(name) * (name.back() == 'B' ? 1e9 : 1e6);
    CAPTURE(name);
    CHECK(parameter_formula(shape_of(model)) == doctest::Approx(published).epsilon(0.02));
  }
  CHECK(gpt3_models().size() == 8);
}

TEST_CASE("the vocabulary is padded to a multiple of 128 a tensor rank") {
  CHECK(padded_vocabulary(50257, 1) == 50304);
  CHECK(padded_vocabulary(50257, 2) == 50432);
  CHECK(padded_vocabulary(50257, 8) == 51200);
  CHECK(padded_vocabulary(50304, 1) == 50304);
  CHECK(padded_vocabulary(8000, 1, 1) == 8000);
}

TEST_CASE("the slices of a layout add up to the model") {
  const ModelShape shape = {.layers = 8, .hidden = 64, .heads = 8, .positions = 32, .vocabulary = 256};
  const StageParameters whole = stage_parameters(shape, {});
  CHECK(whole.first == parameter_count(shape));
  CHECK(whole.last == whole.first);

  // Tensor ranks split every matrix; positions, LayerNorms and row-parallel biases are on each.
  const StageParameters half = stage_parameters(shape, {.tensor = 2});
  const std::int64_t replicated = 32 * 64 + 8 * (4 * 64 + 2 * 64) + 2 * 64;
  CHECK(2 * half.first - replicated == whole.first);

  // Two stages hold the tied embedding twice.
  const StageParameters stages = stage_parameters(shape, {.pipeline = 2});
  CHECK(stages.first + stages.last - 256 * 64 == whole.first);
  CHECK(stages.largest() == stages.first);
}
