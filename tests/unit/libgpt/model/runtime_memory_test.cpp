#include "libgpt/cost/runtime_memory.hpp"

#include <doctest/doctest.h>

#include "libgpt/comm/self_communicator.hpp"
#include "libgpt/schedule/stage_actions.hpp"
#include "tests/unit/libgpt/model/layout_run.hpp"

using namespace gpt;
using cost::Recompute;
using cost::RecomputeConfig;
using model::SequenceRows;

namespace {

constexpr std::int64_t kLength = 12;

cost::Layout cost_layout(const layout_run::Layout& layout) {
  cost::Layout result{layout.tensor, layout.pipeline, 1, layout.virtual_stages};
  if (layout.rows == SequenceRows::split) result.sequence = cost::Sequence::parallel;
  return result;
}

// What the first stage of rank 0 takes for a step of one micro batch a pipeline stage, and an evaluation.
std::size_t measured(const model::ModelConfig& config, const layout_run::Layout& layout) {
  std::size_t bytes = 0;
  test::run_ranks(static_cast<int>(layout.tensor), [&](comm::Communicator& group) {
    omp_set_num_threads(1);
    layout_run::Rank<float> rank(config, layout, group);
    const small_model::Batch batch(kLength, 3);
    rank.train(std::vector<small_model::Batch>(static_cast<std::size_t>(layout.pipeline), batch));
    rank.evaluate(batch.view());
    if (group.rank() == 0) bytes = rank.stages()[0]->activation_bytes();
  });
  return bytes;
}

RecomputeConfig full(RecomputeConfig::Method method, std::int64_t layers) {
  return {Recompute::full, method, layers};
}

}  // namespace

TEST_CASE("the memory of activations is predicted to the byte") {
  using Method = RecomputeConfig::Method;
  auto config = small_model::config(8, 0.1);
  config.shape.vocabulary = 40;
  const auto split = SequenceRows::split;
  for (const RecomputeConfig& recompute :
       {RecomputeConfig{}, RecomputeConfig{Recompute::selective}, full(Method::uniform, 1),
        full(Method::uniform, 3), full(Method::block, 1), full(Method::block, 20)}) {
    for (layout_run::Layout layout : std::vector<layout_run::Layout>{
             {1, 1, 1}, {1, 2, 1}, {1, 2, 2}, {2, 1, 1}, {2, 2, 1}, {2, 1, 1, split}, {4, 2, 1, split}}) {
      layout.recompute = recompute;
      CAPTURE(layout.tensor);
      CAPTURE(layout.pipeline);
      CAPTURE(layout.virtual_stages);
      CAPTURE(static_cast<int>(layout.rows));
      CAPTURE(static_cast<int>(recompute.granularity));
      CAPTURE(recompute.layers);
      const cost::Batch batch = {kLength, 2, 2 * layout.pipeline};
      const auto memory = cost::runtime_memory(config.shape, batch, cost_layout(layout), recompute, 0);
      CHECK(static_cast<double>(measured(config, layout)) == memory.kept + memory.scratch);
    }
  }
}

TEST_CASE("the predicted bytes of the model are those of its buffers") {
  auto config = small_model::config(8, 0);
  config.shape.vocabulary = 40;
  for (const cost::Layout& layout : {cost::Layout{}, cost::Layout{2, 2}, cost::Layout{4, 4, 1, 2}}) {
    for (std::int64_t stage = 0; stage < layout.pipeline; ++stage) {
      const model::ParameterLayout parameters(config.shape,
                                              model::model_part(config.shape, layout, {0, 0, stage}));
      std::size_t count = 0;
      for (const auto& parameter : parameters.parameters()) count += parameter.count;
      const auto memory = cost::runtime_memory(config.shape, {kLength, 1, 8}, layout, {}, stage);
      CHECK(memory.model == 16 * static_cast<double>(count));
    }
  }
}

TEST_CASE("the passes in flight are those of the schedule") {
  for (const cost::Layout& layout :
       {cost::Layout{}, cost::Layout{1, 4}, cost::Layout{1, 2, 1, 3}, cost::Layout{1, 4, 1, 2}}) {
    for (const std::int64_t m : {4, 8, 16}) {
      for (std::int64_t stage = 0; stage < layout.pipeline; ++stage) {
        std::int64_t in_flight = 0, most = 0;
        for (const auto& action : schedule::training_actions(schedule::pipeline_shape(layout, m), stage)) {
          in_flight += action.pass == schedule::Pass::forward ? 1 : -1;
          most = std::max(most, in_flight);
        }
        CHECK(cost::passes_in_flight({kLength, 1, m}, layout, stage) == most);
      }
    }
  }
}
