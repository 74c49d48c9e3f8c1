#include <cmath>

#include <doctest/doctest.h>

#include "libgpt/model/gpt.hpp"
#include "libgpt/ops/norm.hpp"
#include "libgpt/ops/shape_error.hpp"

using namespace gpt;

namespace {

model::ModelConfig config_of(std::int64_t layers, std::int64_t hidden, std::int64_t heads) {
  model::ModelConfig config;
  config.shape.layers = layers;
  config.shape.hidden = hidden;
  config.shape.heads = heads;
  config.shape.positions = 32;
  config.shape.vocabulary = 100;
  return config;
}

double deviation(std::span<const float> values) {
  return std::sqrt(ops::sum_of_squares<float>(values) / static_cast<double>(values.size()));
}

}  // namespace

TEST_CASE("the layout holds every parameter once, aligned, under Hugging Face's names and shapes") {
  const auto shape = config_of(2, 40, 4).shape;
  const model::ParameterLayout layout(shape);
  std::size_t end = 0;
  std::size_t total = 0;
  for (const auto& parameter : layout.parameters()) {
    CHECK(parameter.offset % 16 == 0);
    CHECK(parameter.offset >= end);
    end = parameter.offset + parameter.count;
    total += parameter.count;
    CHECK(layout.find(parameter.name) == &parameter);
  }
  CHECK(end <= layout.buffer_size());
  CHECK(static_cast<std::int64_t>(total) == cost::parameter_count(shape));
  CHECK(layout.parameters().size() == 2 + 2 * 12 + 2);
  CHECK(layout.find("transformer.h.1.mlp.c_proj.weight")->shape == std::vector<std::int64_t>{160, 40});
  CHECK(layout.find("transformer.h.2.ln_1.weight") == nullptr);
  using Layout = model::ParameterLayout;
  CHECK(layout.outer(Layout::Outer::ln_f_bias).name == "transformer.ln_f.bias");
  CHECK(layout.outer(Layout::Outer::wpe).name == "transformer.wpe.weight");
  CHECK(layout.inner(1, Layout::Inner::mlp_out_bias).name == "transformer.h.1.mlp.c_proj.bias");
}

TEST_CASE("weights start as Megatron's do") {
  model::Gpt<float> gpt(config_of(8, 64, 4));
  gpt.initialise(1234);
  const auto tensor = [&](const char* name) {
    return model::tensor_of(gpt.weights(), *gpt.layout().find(name));
  };
  CHECK(deviation(tensor("transformer.wte.weight")) == doctest::Approx(0.02).epsilon(0.05));
  CHECK(deviation(tensor("transformer.h.3.mlp.c_fc.weight")) == doctest::Approx(0.02).epsilon(0.05));
  CHECK(deviation(tensor("transformer.h.3.mlp.c_proj.weight")) == doctest::Approx(0.005).epsilon(0.05));
  CHECK(tensor("transformer.h.3.ln_1.weight")[5] == 1.0f);
  CHECK(tensor("transformer.h.3.attn.c_attn.bias")[5] == 0.0f);
  CHECK(tensor("transformer.h.3.mlp.c_fc.weight")[0] != tensor("transformer.h.4.mlp.c_fc.weight")[0]);

  model::Gpt<double> same(config_of(8, 64, 4));
  same.initialise(1234);
  const std::size_t at = gpt.layout().find("transformer.h.5.attn.c_attn.weight")->offset + 77;
  CHECK(static_cast<float>(same.weights()[at]) == gpt.weights()[at]);
  const float first = gpt.weights()[at];
  gpt.initialise(1235);
  CHECK(gpt.weights()[at] != first);
}

TEST_CASE("a configuration that cannot be built is refused with what would fit") {
  CHECK_THROWS_WITH_AS(
      model::Gpt<float>(config_of(2, 40, 3)),
      "hidden-size 40 is not a multiple of num-attention-heads 3: these numbers of heads divide "
      "it: 1, 2, 4, 5, 8, 10, 20, 40",
      model::ConfigError);
  CHECK_THROWS_AS(model::Gpt<float>(config_of(0, 40, 4)), model::ConfigError);
  auto config = config_of(1, 40, 4);
  config.hidden_dropout = 1;
  CHECK_THROWS_AS(model::Gpt<float>{config}, model::ConfigError);
}

TEST_CASE("a batch that does not fit the model is refused") {
  model::Gpt<float> gpt(config_of(1, 40, 4));
  std::vector<std::int32_t> tokens(33, 1);
  model::MicroBatch batch;
  batch.sequences = 1;
  batch.length = 33;
  batch.tokens = batch.targets = tokens;
  CHECK_THROWS_WITH_AS(gpt.forward_loss(batch),
                       "a sequence of 33 tokens does not fit the model's 32 positions", model::ConfigError);
  batch.length = 10;
  CHECK_THROWS_WITH_AS(gpt.forward_loss(batch),
                       "micro batch: tokens has 33 elements where 1 x 10 = 10 are needed", ops::ShapeError);
  tokens[4] = 100;
  batch.tokens = batch.targets = std::span(tokens).first(10);
  CHECK_THROWS_AS(gpt.forward_loss(batch), model::ConfigError);
}
