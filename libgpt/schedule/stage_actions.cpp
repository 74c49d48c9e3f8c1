#include "libgpt/schedule/stage_actions.hpp"

#include <algorithm>

namespace gpt::schedule {
namespace {

// The n-th forward pass of a stage. The last group is smaller where the micro batches are no multiple of p.
Action forward_action(const PipelineShape& shape, std::int64_t n) {
  const std::int64_t first = n / (shape.stages * shape.chunks) * shape.stages;
  const std::int64_t group = std::min(shape.stages, shape.micro_batches - first);
  const std::int64_t within = n - first * shape.chunks;
  return {Pass::forward, first + within % group, within / group};
}

Action backward_action(const PipelineShape& shape, std::int64_t n) {
  const Action mirrored = forward_action(shape, n);
  return {Pass::backward, mirrored.micro_batch, shape.chunks - 1 - mirrored.chunk};
}

}  // namespace

std::int64_t warm_up_passes(const PipelineShape& shape, std::int64_t stage) {
  const std::int64_t behind = shape.stages - stage - 1;
  const std::int64_t wanted = shape.chunks == 1 ? behind : 2 * behind + (shape.chunks - 1) * shape.stages;
  return std::min(wanted, shape.passes());
}

std::vector<Action> training_actions(const PipelineShape& shape, std::int64_t stage) {
  check_training_or_throw(shape);
  const std::int64_t passes = shape.passes(), ahead = warm_up_passes(shape, stage);
  std::vector<Action> actions;
  actions.reserve(static_cast<std::size_t>(2 * passes));
  for (std::int64_t n = 0; n < passes + ahead; ++n) {
    if (n < passes) actions.push_back(forward_action(shape, n));
    if (n >= ahead) actions.push_back(backward_action(shape, n - ahead));
  }
  return actions;
}

std::vector<Action> forward_only_actions(const PipelineShape& shape) {
  std::vector<Action> actions;
  actions.reserve(static_cast<std::size_t>(shape.passes()));
  for (std::int64_t n = 0; n < shape.passes(); ++n) actions.push_back(forward_action(shape, n));
  return actions;
}

}  // namespace gpt::schedule
