#include "libgpt/schedule/executor.hpp"

#include <algorithm>
#include <map>
#include <stdexcept>

#include <doctest/doctest.h>

#include "libgpt/schedule/stage_actions.hpp"
#include "tests/support/affine_stage.hpp"
#include "tests/support/thread_communicator.hpp"

using namespace gpt::schedule;
using gpt::comm::Communicator;
using gpt::test::AffineStage;

namespace {

class Recorder : public Timeline {
 public:
  void on_event(const TimelineEvent& event) override { events.push_back(event); }
  std::vector<TimelineEvent> events;
};

class FailingStage : public AffineStage {
 public:
  using AffineStage::AffineStage;
  void backward(const Action&, std::span<const double>, std::span<double>) override {
    throw std::runtime_error("the loss is nan");
  }
};

std::vector<PipelineShape> shapes() {
  std::vector<PipelineShape> all;
  for (std::int64_t stages = 1; stages <= 4; ++stages)
    for (std::int64_t chunks = 1; chunks <= 3; ++chunks)
      for (const std::int64_t factor : {1, 2, 3}) all.push_back({stages, factor * stages, chunks});
  all.push_back({3, 1, 1});
  all.push_back({4, 7, 1});
  all.push_back({2, 300, 1});  // tags come round again
  return all;
}

}  // namespace

TEST_CASE("what stages pass to each other arrives where it belongs, forward and backward") {
  for (const PipelineShape& shape : shapes()) {
    CAPTURE(shape.stages);
    CAPTURE(shape.chunks);
    CAPTURE(shape.micro_batches);
    gpt::test::run_ranks(static_cast<int>(shape.stages), [&](Communicator& pipeline) {
      Executor<double> executor(pipeline, shape.chunks);
      AffineStage stage(shape, pipeline.rank(), 5);
      executor.run(training_actions(shape, pipeline.rank()), stage);
      CHECK(stage.mistakes() == 0);
      CHECK(stage.forward_passes() == shape.passes());
      CHECK(stage.backward_passes() == shape.passes());
    });
  }
}

TEST_CASE("forward passes alone keep no input; the size of what is passed may change from run to run") {
  for (const PipelineShape& trained : shapes()) {
    // Evaluation takes any number of micro batches.
    const PipelineShape shape{trained.stages, trained.micro_batches + 1, trained.chunks};
    CAPTURE(shape.stages);
    CAPTURE(shape.chunks);
    CAPTURE(shape.micro_batches);
    gpt::test::run_ranks(static_cast<int>(shape.stages), [&](Communicator& pipeline) {
      Executor<double> executor(pipeline, shape.chunks);
      for (const std::size_t size : {3U, 1000U, 7U}) {
        AffineStage evaluated(shape, pipeline.rank(), size);
        executor.run(forward_only_actions(shape), evaluated);
        CHECK(evaluated.mistakes() == 0);
        CHECK(evaluated.forward_passes() == shape.passes());
        AffineStage stage(trained, pipeline.rank(), 2 * size);
        executor.run(training_actions(trained, pipeline.rank()), stage);
        CHECK(stage.mistakes() == 0);
      }
    });
  }
}

TEST_CASE("one stage makes no buffers; several keep as many as are in flight and a few on their way") {
  gpt::test::run_ranks(1, [](Communicator& pipeline) {
    const PipelineShape shape{1, 8, 1};
    Executor<double> executor(pipeline, 1);
    AffineStage stage(shape, 0, 100);
    executor.run(training_actions(shape, 0), stage);
    executor.run(forward_only_actions(shape), stage);
    CHECK(executor.buffer_bytes() == 0);
  });
  for (const std::int64_t chunks : {1, 2}) {
    gpt::test::run_ranks(4, [&](Communicator& pipeline) {
      const PipelineShape shape{4, 32, chunks};
      Executor<double> executor(pipeline, chunks);
      AffineStage stage(shape, pipeline.rank(), 100);
      for (int step = 0; step < 3; ++step) executor.run(training_actions(shape, pipeline.rank()), stage);
      const std::size_t buffers = executor.buffer_bytes() / (100 * sizeof(double));
      const auto kept = static_cast<std::size_t>(warm_up_passes(shape, pipeline.rank()) + 1);
      // 2 posted ahead, and what neighbours have not taken: at most what they may be behind.
      CHECK(buffers <= kept + 2 + 2 * 4);
    });
  }
}

TEST_CASE("a stage that does not wait for its neighbours stops before it has filled memory") {
  gpt::test::run_ranks(2, [&](Communicator& pipeline) {
    const PipelineShape shape{2, 200, 1};
    Executor<double> executor(pipeline, 1);
    AffineStage stage(shape, pipeline.rank(), 10);
    executor.run(forward_only_actions(shape), stage);
    CHECK(executor.buffer_bytes() <= 8 * 10 * sizeof(double));
  });
}

TEST_CASE("the timeline tells every action once, in order and without overlap") {
  const PipelineShape shape{3, 6, 2};
  gpt::test::run_ranks(3, [&](Communicator& pipeline) {
    Executor<double> executor(pipeline, 2);
    AffineStage stage(shape, pipeline.rank(), 4);
    Recorder recorder;
    const auto actions = training_actions(shape, pipeline.rank());
    executor.run(actions, stage, &recorder);
    std::vector<Action> made;
    for (std::size_t i = 0; i < recorder.events.size(); ++i) {
      const TimelineEvent& event = recorder.events[i];
      CHECK(event.end >= event.start);
      if (i > 0) CHECK(event.start >= recorder.events[i - 1].end);
      if (event.activity == Activity::wait) continue;
      CHECK((event.activity == Activity::forward) == (event.action.pass == Pass::forward));
      made.push_back(event.action);
    }
    CHECK(made == actions);
  });
}

TEST_CASE("a stage that fails ends with its own message, though its neighbours still wait for it") {
  const PipelineShape shape{3, 6, 1};
  std::string message;
  try {
    gpt::test::run_ranks(3, [&](Communicator& pipeline) {
      Executor<double> executor(pipeline, 1);
      AffineStage good(shape, pipeline.rank(), 4);
      FailingStage bad(shape, pipeline.rank(), 4);
      AffineStage& stage = pipeline.rank() == 1 ? bad : good;
      executor.run(training_actions(shape, pipeline.rank()), stage);
    });
  } catch (const std::runtime_error& error) {
    message = error.what();
  }
  CHECK(message == "the loss is nan");
}
