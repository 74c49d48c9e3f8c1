#include "tests/unit/libgpt/schedule/simulation.hpp"

#include <string>

#include <doctest/doctest.h>

using namespace gpt::schedule;

namespace {

constexpr auto kF = Pass::forward;
constexpr auto kB = Pass::backward;

double unit_time(std::int64_t, const Action&) { return 1; }

std::string message_of(const PipelineShape& shape, const std::vector<std::vector<Action>>& lists) {
  try {
    simulate_or_throw(shape, lists, unit_time);
  } catch (const ScheduleError& error) {
    return error.what();
  }
  return "";
}

}  // namespace

TEST_CASE("an action starts when its stage is free and what it needs is there") {
  const std::vector<std::vector<Action>> lists{{{kF, 0, 0}, {kF, 1, 0}, {kB, 0, 0}, {kB, 1, 0}},
                                               {{kF, 0, 0}, {kB, 0, 0}, {kF, 1, 0}, {kB, 1, 0}}};
  const auto time = [](std::int64_t stage, const Action& action) {
    return action.pass == kF ? 1.0 : (stage == 0 ? 2.0 : 3.0);
  };
  const PipelineRun run = simulate_or_throw({2, 2, 1}, lists, time);
  const auto& first = run.stages[0].actions;
  CHECK(first[1].end == 2);
  CHECK(first[2].start == 5);  // stage 1: forward 1 to 2, backward 2 to 5
  CHECK(first[3].start == 9);  // stage 1: forward 5 to 6, backward 6 to 9
  CHECK(run.finish == 11);
  CHECK(run.stages[0].busy == 6);
  CHECK(run.bubble(0) == doctest::Approx(5.0 / 6));
  CHECK(run.stages[0].peak_in_flight == 2);
  CHECK(run.stages[1].peak_in_flight == 1);
}

TEST_CASE("lists that can not be run are refused with the reason") {
  const PipelineShape one{1, 1, 1}, two{2, 1, 1};
  CHECK(message_of(one, {{{kB, 0, 0}, {kF, 0, 0}}}) ==
        "the stages wait for each other: backward of micro batch 0 through chunk 0 on stage 0 never gets "
        "what it "
        "needs");
  CHECK(message_of(one, {{{kF, 0, 0}, {kF, 0, 0}}}).find("in its list twice") != std::string::npos);
  CHECK(message_of(one, {{{kF, 0, 0}, {kB, 1, 0}}}).find("not of this pipeline") != std::string::npos);
  CHECK(message_of(one, {{{kB, 0, 0}}}) == "stage 0 has 1 actions where a step has 2");
  CHECK(message_of(two, {{{kF, 0, 0}}}) == "1 lists of actions for 2 stages");
  CHECK(message_of({2, 2, 1}, {{{kF, 0, 0}, {kB, 0, 0}, {kF, 1, 0}, {kB, 1, 0}},
                               {{kF, 0, 0}, {kF, 1, 0}, {kB, 0, 0}, {kB, 1, 0}}})
            .find("wait for each other") != std::string::npos);
}
