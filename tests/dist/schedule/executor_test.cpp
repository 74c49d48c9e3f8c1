#include "libgpt/schedule/executor.hpp"

#include <doctest/doctest.h>

#include "libgpt/schedule/stage_actions.hpp"
#include "tests/dist/dist_world.hpp"
#include "tests/support/affine_stage.hpp"

using namespace gpt::schedule;
using gpt::test::AffineStage;

namespace {

// Some messages small enough to be sent at once, some that wait for their receiver.
constexpr std::size_t kSizes[] = {1, 500, 20'000};

}  // namespace

TEST_CASE("the executor trains and evaluates over real messages, all ranks as stages of one pipeline") {
  auto& pipeline = gpt::test::world().communicator();
  for (const std::int64_t chunks : {1, 2, 3}) {
    Executor<double> executor(pipeline, chunks);
    for (const std::int64_t factor : {1, 2}) {
      for (const std::size_t size : kSizes) {
        CAPTURE(chunks);
        CAPTURE(factor);
        CAPTURE(size);
        const PipelineShape shape{pipeline.size(), factor * pipeline.size(), chunks};
        AffineStage stage(shape, pipeline.rank(), size);
        executor.run(training_actions(shape, pipeline.rank()), stage);
        CHECK(stage.mistakes() == 0);
        CHECK(stage.backward_passes() == shape.passes());

        const PipelineShape evaluated{pipeline.size(), shape.micro_batches + 1, chunks};
        AffineStage forward_only(evaluated, pipeline.rank(), size + 1);
        executor.run(forward_only_actions(evaluated), forward_only);
        CHECK(forward_only.mistakes() == 0);
        CHECK(forward_only.forward_passes() == evaluated.passes());
      }
    }
  }
}

TEST_CASE("fewer micro batches than stages") {
  auto& pipeline = gpt::test::world().communicator();
  const PipelineShape shape{pipeline.size(), 1, 1};
  Executor<double> executor(pipeline, 1);
  AffineStage stage(shape, pipeline.rank(), 100);
  executor.run(training_actions(shape, pipeline.rank()), stage);
  CHECK(stage.mistakes() == 0);
}
