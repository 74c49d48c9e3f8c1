#include "libgpt/model/stage.hpp"

#include <cmath>
#include <stdexcept>

#include <doctest/doctest.h>

#include "libgpt/comm/self_communicator.hpp"
#include "libgpt/model/gpt.hpp"
#include "tests/unit/libgpt/model/layout_run.hpp"

using namespace gpt;
using layout_run::Layout;
using layout_run::Result;
using model::RecomputeConfig;
using model::SequenceRows;

namespace {

using Method = RecomputeConfig::Method;
constexpr auto kFull = cost::Recompute::full;
constexpr auto kSelective = cost::Recompute::selective;

std::string name_of(const Layout& layout) {
  std::string name = "t" + std::to_string(layout.tensor) + " p" + std::to_string(layout.pipeline) + " v" +
                     std::to_string(layout.virtual_stages);
  if (layout.rows == SequenceRows::split) name += " split";
  if (layout.recompute.granularity == kSelective) name += " selective";
  if (layout.recompute.granularity == kFull) {
    name += layout.recompute.method == Method::uniform ? " uniform " : " block ";
    name += std::to_string(layout.recompute.layers);
  }
  return name;
}

// What the whole model on one rank gives, by its own class.
Result<double> whole_model_result(const model::ModelConfig& config) {
  model::Gpt<double> gpt(config);
  gpt.initialise(5);
  small_model::move_weights<double>(gpt.layout(), gpt.weights());
  std::vector<double> gradients(gpt.layout().buffer_size(), 7.0);
  Result<double> result;
  const small_model::Batch first(12, 3), second(12, 4);
  result.loss = gpt.forward_backward(first.view(), 0.125, 99, model::Gradients::replace, gradients);
  result.loss += gpt.forward_backward(second.view(), 0.125, 99, model::Gradients::add, gradients);
  result.evaluation = gpt.forward_loss(second.view());
  for (const auto& parameter : gpt.layout().parameters()) {
    layout_run::put<double>(parameter, gpt.weights(), layout_run::Put::set, result, result.weights);
    layout_run::put<double>(parameter, gradients, layout_run::Put::set, result, result.gradients);
  }
  return result;
}

double worst_difference(const layout_run::Tensors<double>& seen, const layout_run::Tensors<double>& wanted) {
  double worst = seen.size() == wanted.size() ? 0 : INFINITY;
  for (const auto& [name, values] : wanted) {
    const auto found = seen.find(name);
    if (found == seen.end() || found->second.size() != values.size()) return INFINITY;
    for (std::size_t i = 0; i < values.size(); ++i) {
      const double difference = std::abs(found->second[i] - values[i]) / (1 + std::abs(values[i]));
      if (!(difference <= worst)) worst = difference;
    }
  }
  return worst;
}

void check_equal_to_whole(const std::vector<Layout>& layouts, double dropout) {
  const auto config = small_model::config(8, dropout);
  const Result<double> whole = whole_model_result(config);
  for (const Layout& layout : layouts) {
    CAPTURE(name_of(layout));
    const auto seen = layout_run::run<double>(config, layout);
    CHECK(seen.loss.loss == doctest::Approx(whole.loss.loss).epsilon(1e-13));
    CHECK(seen.loss.tokens == whole.loss.tokens);
    CHECK(seen.evaluation.loss == doctest::Approx(whole.evaluation.loss).epsilon(1e-13));
    CHECK(worst_difference(seen.weights, whole.weights) == 0);
    CHECK(worst_difference(seen.gradients, whole.gradients) < 1e-12);
    CHECK(seen.replicas_agree);
  }
}

RecomputeConfig full(Method method, std::int64_t layers) { return {kFull, method, layers}; }

}  // namespace

TEST_CASE("a chain of stages, with model chunks or without, gives what the whole model gives") {
  for (const double dropout : {0.0, 0.3}) {
    check_equal_to_whole({{1, 1, 1}, {1, 2, 1}, {1, 4, 1}, {1, 2, 2}, {1, 4, 2}, {1, 2, 4}}, dropout);
  }
}

TEST_CASE("tensor-parallel ranks give what the whole model gives") {
  for (const double dropout : {0.0, 0.3}) {
    check_equal_to_whole({{2, 1, 1}, {4, 1, 1}, {2, 2, 1}, {2, 2, 2}}, dropout);
  }
}

TEST_CASE("sequence-parallel ranks give what the whole model gives") {
  const auto split = SequenceRows::split;
  for (const double dropout : {0.0, 0.3}) {
    check_equal_to_whole({{2, 1, 1, split}, {4, 1, 1, split}, {2, 2, 2, split}, {4, 4, 2, split}}, dropout);
  }
}

TEST_CASE("recomputation changes nothing at any layout") {
  const auto split = SequenceRows::split;
  check_equal_to_whole({{2, 1, 1, split, full(Method::uniform, 3)},
                        {2, 2, 2, split, full(Method::block, 1)},
                        {4, 2, 1, SequenceRows::whole, full(Method::uniform, 1)},
                        {2, 2, 1, split, {kSelective}}},
                       0.3);
}

TEST_CASE("gradients are the same bit for bit with recomputation, and less is kept") {
  const auto config = small_model::config(8, 0.3);
  for (const Layout& layout : {Layout{1, 1, 1}, Layout{2, 2, 1, SequenceRows::split}}) {
    const auto kept = layout_run::run<float>(config, layout);
    for (const RecomputeConfig& recompute :
         {RecomputeConfig{kSelective}, full(Method::uniform, 1), full(Method::uniform, 3),
          full(Method::uniform, 20), full(Method::block, 2), full(Method::block, 20)}) {
      Layout again = layout;
      again.recompute = recompute;
      CAPTURE(name_of(again));
      const auto seen = layout_run::run<float>(config, again);
      CHECK(seen.gradients == kept.gradients);
      CHECK(seen.loss.loss == kept.loss.loss);
      CHECK(seen.activation_bytes < kept.activation_bytes);
    }
  }
}

TEST_CASE("the gradient of a tensor- and sequence-parallel model is that of its loss") {
  const auto config = small_model::config(2, 0.3);
  const Layout layout = {2, 2, 1, SequenceRows::split, full(Method::uniform, 1)};
  const auto result = layout_run::run<double>(config, layout);
  std::mt19937 random(17);
  for (const auto& [name, gradient] : result.gradients) {
    CAPTURE(name);
    constexpr double kStep = 1e-5;
    const auto at = static_cast<std::int64_t>(random() % gradient.size());
    const auto loss = [&](double delta) {
      return 0.125 * layout_run::run<double>(config, layout, {name, at, delta}).loss.loss;
    };
    const double measured = (loss(kStep) - loss(-kStep)) / (2 * kStep);
    CHECK(std::abs(gradient[static_cast<std::size_t>(at)] - measured) < 1e-7 * (1 + std::abs(measured)));
  }
}

TEST_CASE("a backward pass tells of every stretch of the gradients once, from the last layer to the first") {
  for (const Layout& layout : {Layout{1, 1, 1}, Layout{1, 2, 2}, Layout{1, 4, 1}}) {
    CAPTURE(name_of(layout));
    comm::SelfCommunicator self;
    layout_run::Rank<float> rank(small_model::config(8, 0), layout, self);
    rank.train({{12, 3}});
    for (std::size_t s = 0; s < rank.stages().size(); ++s) {
      std::vector<int> told(rank.gradients()[s].size());
      for (const auto& range : rank.ranges[static_cast<std::int64_t>(s)]) {
        for (std::size_t i = range.begin; i < range.end; ++i) ++told[i];
      }
      CHECK(told == std::vector<int>(told.size(), 1));
      const auto& ranges = rank.ranges[static_cast<std::int64_t>(s)];
      for (std::size_t i = 1; i < ranges.size(); ++i) CHECK(ranges[i].end <= ranges[i - 1].begin);
    }
  }
}

TEST_CASE("what does not fit a stage is refused") {
  test::ThreadGroup group(2);
  const auto config = small_model::config(2, 0);
  model::StageConfig stage;
  stage.part = model::model_part(config.shape, {2}, {});
  stage.rows = SequenceRows::split;
  const model::Stage<float> split(config, stage, group.rank(0));
  CHECK_THROWS_WITH_AS(split.stream_size(1, 13),
                       "sequence parallelism: a micro batch of 1 sequences of 13 tokens cannot be cut into 2 "
                       "equal parts: with this seq-length, micro-batch-size can be 2 or a multiple of it",
                       model::ConfigError);
  CHECK(split.stream_size(2, 13) == 13 * 24);

  comm::SelfCommunicator self;
  stage.part = model::whole_model(config.shape);
  stage.rows = SequenceRows::whole;
  model::Stage<float> whole(config, stage, self);
  const small_model::Batch batch(12, 1);
  std::vector<float> gradients(whole.weights().size());
  const model::Stage<float>::TrainStep step{1, 1, gradients};
  CHECK_THROWS_AS(whole.backward({}, batch.view(), step, {}, {}), std::logic_error);
  whole.forward({}, batch.view(), step, {}, {});
  CHECK_THROWS_AS(whole.forward({}, batch.view(), step, {}, {}), std::logic_error);
  whole.backward({}, batch.view(), step, {}, {});
  stage.recompute = full(Method::uniform, 0);
  CHECK_THROWS_AS(model::Stage<float>(config, stage, self), model::ConfigError);
}
