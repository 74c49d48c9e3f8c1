#include "tests/unit/libgpt/schedule/simulation.hpp"

#include <algorithm>
#include <optional>
#include <string>

#include "tests/unit/libgpt/schedule/describe.hpp"

namespace gpt::schedule {
namespace {

class Simulator {
 public:
  Simulator(const PipelineShape& shape, std::span<const std::vector<Action>> stages, const ActionTime& time)
      : shape_(shape),
        lists_(stages),
        time_(time),
        ended_(static_cast<std::size_t>(shape.stages * 2 * shape.passes())) {
    run_.stages.resize(stages.size());
  }

  PipelineRun run() {
    for (std::int64_t stage = 0; stage < shape_.stages; ++stage) check_list_or_throw(stage);
    bool moved = true;
    while (moved) {
      moved = false;
      for (std::int64_t stage = 0; stage < shape_.stages; ++stage) moved |= advance(stage);
    }
    for (std::int64_t stage = 0; stage < shape_.stages; ++stage) check_ended_or_throw(stage);
    for (const StageRun& stage : run_.stages) run_.finish = std::max(run_.finish, stage.finish);
    return std::move(run_);
  }

 private:
  static std::size_t at(std::int64_t index) { return static_cast<std::size_t>(index); }
  const std::vector<Action>& list(std::int64_t stage) const { return lists_[at(stage)]; }

  // When an action ended; none before it has.
  std::optional<double>& ended(std::int64_t stage, const Action& action) {
    const std::int64_t pass = action.pass == Pass::forward ? 0 : 1;
    return ended_[at(((stage * 2 + pass) * shape_.chunks + action.chunk) * shape_.micro_batches +
                     action.micro_batch)];
  }

  static bool trains(const std::vector<Action>& actions) {
    return std::any_of(actions.begin(), actions.end(),
                       [](const Action& action) { return action.pass == Pass::backward; });
  }

  void check_list_or_throw(std::int64_t stage) {
    std::vector<bool> seen(at(2 * shape_.passes()));
    for (const Action& action : list(stage)) {
      if (action.chunk < 0 || action.chunk >= shape_.chunks || action.micro_batch < 0 ||
          action.micro_batch >= shape_.micro_batches) {
        throw ScheduleError(describe(stage, action) + " is not of this pipeline");
      }
      const std::int64_t pass = action.pass == Pass::forward ? 0 : 1;
      auto here = seen[at((pass * shape_.chunks + action.chunk) * shape_.micro_batches + action.micro_batch)];
      if (here) throw ScheduleError(describe(stage, action) + " is in its list twice");
      here = true;
    }
    const std::size_t wanted = at(shape_.passes() * (trains(list(stage)) ? 2 : 1));
    if (list(stage).size() != wanted) {
      throw ScheduleError("stage " + std::to_string(stage) + " has " + std::to_string(list(stage).size()) +
                          " actions where a step has " + std::to_string(wanted));
    }
  }

  // When everything that an action needs is there; none while some of it is not.
  std::optional<double> ready(std::int64_t stage, const Action& action) {
    const bool forward = action.pass == Pass::forward;
    const auto from = forward ? chunk_before(shape_.stages, {stage, action.chunk})
                              : chunk_after(shape_.stages, shape_.chunks, {stage, action.chunk});
    std::optional<double> when = 0.0;
    if (from) when = ended(from->stage, {action.pass, action.micro_batch, from->chunk});
    if (forward || !when) return when;
    const auto own = ended(stage, {Pass::forward, action.micro_batch, action.chunk});
    return own ? std::optional<double>(std::max(*own, *when)) : std::nullopt;
  }

  // Makes as many of a stage's actions as can be; whether there was one.
  bool advance(std::int64_t stage) {
    StageRun& made = run_.stages[at(stage)];
    const std::size_t before = made.actions.size();
    while (made.actions.size() < list(stage).size()) {
      const Action& action = list(stage)[made.actions.size()];
      const auto when = ready(stage, action);
      if (!when) break;
      const double start = std::max(made.finish, *when), length = time_(stage, action);
      made.finish = start + length;
      made.busy += length;
      made.actions.push_back({action, start, made.finish});
      ended(stage, action) = made.finish;
    }
    return made.actions.size() > before;
  }

  void check_ended_or_throw(std::int64_t stage) {
    StageRun& made = run_.stages[at(stage)];
    if (made.actions.size() < list(stage).size()) {
      throw ScheduleError("the stages wait for each other: " +
                          describe(stage, list(stage)[made.actions.size()]) + " never gets what it needs");
    }
    if (!trains(list(stage))) return;
    std::int64_t in_flight = 0;
    for (const TimedAction& timed : made.actions) {
      in_flight += timed.action.pass == Pass::forward ? 1 : -1;
      made.peak_in_flight = std::max(made.peak_in_flight, in_flight);
    }
  }

  PipelineShape shape_;
  std::span<const std::vector<Action>> lists_;
  const ActionTime& time_;
  std::vector<std::optional<double>> ended_;
  PipelineRun run_;
};

}  // namespace

PipelineRun simulate_or_throw(const PipelineShape& shape, std::span<const std::vector<Action>> stages,
                              const ActionTime& time) {
  if (static_cast<std::int64_t>(stages.size()) != shape.stages) {
    throw ScheduleError(std::to_string(stages.size()) + " lists of actions for " +
                        std::to_string(shape.stages) + " stages");
  }
  return Simulator(shape, stages, time).run();
}

}  // namespace gpt::schedule
