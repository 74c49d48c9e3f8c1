#include "libgpt/schedule/stage_actions.hpp"

#include <string>

#include <doctest/doctest.h>

#include "libgpt/cost/memory.hpp"
#include "tests/unit/libgpt/schedule/simulation.hpp"

using namespace gpt::schedule;

namespace {

// "F0 F1 B0 F2 B1 B2", with the chunk as a letter where there are several: "F0a F1a F0b".
std::string text_of(const std::vector<Action>& actions, std::int64_t chunks = 1) {
  std::string text;
  for (const Action& action : actions) {
    if (!text.empty()) text += ' ';
    text += (action.pass == Pass::forward ? 'F' : 'B') + std::to_string(action.micro_batch);
    if (chunks > 1) text += static_cast<char>('a' + action.chunk);
  }
  return text;
}

std::vector<std::vector<Action>> all_stages(const PipelineShape& shape) {
  std::vector<std::vector<Action>> lists;
  for (std::int64_t stage = 0; stage < shape.stages; ++stage) lists.push_back(training_actions(shape, stage));
  return lists;
}

std::string message_of(const PipelineShape& shape) {
  try {
    check_training_or_throw(shape);
  } catch (const ScheduleError& error) {
    return error.what();
  }
  return "";
}

constexpr double kForward = 1, kBackward = 2;
double equal_times(std::int64_t, const Action& action) {
  return action.pass == Pass::forward ? kForward : kBackward;
}

// All pipelines of up to 8 stages and 4 chunks, with p, 2 p and 4 p micro batches.
std::vector<PipelineShape> shapes() {
  std::vector<PipelineShape> all;
  for (std::int64_t stages = 1; stages <= 8; ++stages)
    for (std::int64_t chunks = 1; chunks <= 4; ++chunks)
      for (const std::int64_t factor : {1, 2, 4}) all.push_back({stages, factor * stages, chunks});
  return all;
}

}  // namespace

TEST_CASE("1F1B lets each stage go ahead by the stages behind it, then takes turns") {
  const PipelineShape shape{4, 6, 1};
  CHECK(text_of(training_actions(shape, 0)) == "F0 F1 F2 F3 B0 F4 B1 F5 B2 B3 B4 B5");
  CHECK(text_of(training_actions(shape, 1)) == "F0 F1 F2 B0 F3 B1 F4 B2 F5 B3 B4 B5");
  CHECK(text_of(training_actions(shape, 2)) == "F0 F1 B0 F2 B1 F3 B2 F4 B3 F5 B4 B5");
  CHECK(text_of(training_actions(shape, 3)) == "F0 B0 F1 B1 F2 B2 F3 B3 F4 B4 F5 B5");
  CHECK(text_of(training_actions({4, 2, 1}, 0)) == "F0 F1 B0 B1");
  CHECK(text_of(training_actions({1, 3, 1}, 0)) == "F0 B0 F1 B1 F2 B2");
}

TEST_CASE("the interleaved schedule takes groups of p micro batches through chunk after chunk") {
  const PipelineShape shape{2, 4, 2};
  CHECK(text_of(training_actions(shape, 0), 2) ==
        "F0a F1a F0b F1b F2a B0b F3a B1b F2b B0a F3b B1a B2b B3b B2a B3a");
  CHECK(text_of(training_actions(shape, 1), 2) ==
        "F0a F1a F0b B0b F1b B1b F2a B0a F3a B1a F2b B2b F3b B3b B2a B3a");
  CHECK(warm_up_passes({4, 8, 2}, 0) == 10);
  CHECK(warm_up_passes({4, 8, 2}, 3) == 4);
  CHECK(warm_up_passes({4, 4, 2}, 0) == 8);
}

TEST_CASE("without training there are only forward passes, of any number of micro batches") {
  CHECK(text_of(forward_only_actions({4, 3, 1})) == "F0 F1 F2");
  CHECK(text_of(forward_only_actions({2, 3, 2}), 2) == "F0a F1a F0b F1b F2a F2b");
  for (const std::int64_t micro_batches : {1, 3, 5, 8, 13}) {
    for (const std::int64_t chunks : {1, 2, 3}) {
      const PipelineShape shape{4, micro_batches, chunks};
      const std::vector<std::vector<Action>> lists(4, forward_only_actions(shape));
      CHECK_NOTHROW(simulate_or_throw(shape, lists, equal_times));
    }
  }
}

TEST_CASE(
    "a number of micro batches that the interleaved schedule cannot take is answered with those it can") {
  const std::string message = message_of({4, 6, 2});
  CHECK(message.find("6 micro batches") != std::string::npos);
  CHECK(message.find("multiple of 4 pipeline stages; 4 and 8 would be") != std::string::npos);
  CHECK(message_of({4, 3, 2}).find("; 4 would be") != std::string::npos);
  CHECK(message_of({4, 6, 1}).empty());
  CHECK(message_of({4, 8, 2}).empty());
  CHECK(message_of({1, 3, 2}).empty());
  CHECK(message_of({0, 3, 1}).find("1 or more") != std::string::npos);
  CHECK_THROWS_AS(training_actions({4, 6, 2}, 0), ScheduleError);
}

TEST_CASE("no pipeline waits for ever, and each keeps as many micro batches as predicted") {
  for (const PipelineShape& shape : shapes()) {
    CAPTURE(shape.stages);
    CAPTURE(shape.chunks);
    CAPTURE(shape.micro_batches);
    const auto lists = all_stages(shape);
    const PipelineRun run = simulate_or_throw(shape, lists, equal_times);
    for (std::int64_t stage = 0; stage < shape.stages; ++stage) {
      const std::int64_t passes =
          shape.chunks == 1 ? shape.stages - stage
                            : 2 * (shape.stages - stage - 1) + (shape.chunks - 1) * shape.stages + 1;
      CHECK(run.stages[static_cast<std::size_t>(stage)].peak_in_flight == std::min(passes, shape.passes()));
    }
  }
}

TEST_CASE("what is in flight on the first and last stage is what gpt-estimate counts on") {
  using gpt::cost::StagePlace;
  for (const PipelineShape& shape : shapes()) {
    CAPTURE(shape.stages);
    CAPTURE(shape.chunks);
    CAPTURE(shape.micro_batches);
    const auto lists = all_stages(shape);
    const PipelineRun run = simulate_or_throw(shape, lists, equal_times);
    const gpt::cost::Layout layout{.pipeline = shape.stages, .virtual_stages = shape.chunks};
    const gpt::cost::Batch batch{1, 1, shape.micro_batches};
    const auto predicted = [&](StagePlace place) {
      return micro_batches_in_flight(batch, layout, place) * static_cast<double>(shape.chunks);
    };
    CHECK(static_cast<double>(run.stages.front().peak_in_flight) ==
          doctest::Approx(predicted(StagePlace::first)));
    CHECK(static_cast<double>(run.stages.back().peak_in_flight) ==
          doctest::Approx(predicted(StagePlace::last)));
  }
}

TEST_CASE("with equal times the bubble is (p - 1)/m, and (p - 1)/(v m) interleaved") {
  for (const PipelineShape& shape : shapes()) {
    CAPTURE(shape.stages);
    CAPTURE(shape.chunks);
    CAPTURE(shape.micro_batches);
    const auto lists = all_stages(shape);
    const PipelineRun run = simulate_or_throw(shape, lists, equal_times);
    // A chunk forward and backward takes 3; all times are whole numbers, so that they compare exactly.
    const auto useful = static_cast<double>(shape.passes()) * (kForward + kBackward);
    CHECK(run.finish == useful + static_cast<double>(shape.stages - 1) * (kForward + kBackward));
    for (std::size_t stage = 0; stage < lists.size(); ++stage) {
      CHECK(run.bubble(stage) ==
            doctest::Approx(gpt::cost::pipeline_bubble(shape.stages, shape.micro_batches, shape.chunks)));
    }
  }
}
