#include "libgpt/train/checkpointing.hpp"

#include <span>
#include <vector>

#include "libcommon/io/errors.hpp"
#include "libgpt/checkpoint/parameter_pieces.hpp"
#include "libgpt/checkpoint/save.hpp"

namespace gpt::train {
namespace {

// In trainer_state.json: the iteration after which the last evaluation was made.
constexpr const char* kEvaluatedIteration = "evaluated_iteration";

using Pieces = std::vector<checkpoint::TensorPiece>;

void append_pieces(Pieces& pieces, const model::ParameterLayout& layout, std::size_t first,
                   std::span<const float> values) {
  Pieces more = checkpoint::parameter_pieces(layout, first, values);
  pieces.insert(pieces.end(), std::make_move_iterator(more.begin()), std::make_move_iterator(more.end()));
}

void restore_moments_or_throw(checkpoint::ModelFolder& folder, const model::ParameterLayout& layout,
                              RankOptimizer& optimizer) {
  auto first = folder.open_optimizer_or_throw(checkpoint::OptimizerMoment::exp_avg);
  auto second = folder.open_optimizer_or_throw(checkpoint::OptimizerMoment::exp_avg_sq);
  if (!first || !second) {
    throw io::DataError(folder.path(),
                        "holds no optimizer state to go on with: pass --no-load-optim to start it anew, or "
                        "--finetune to start training anew from these weights");
  }
  for (const optim::ElementRange& range : optimizer.plan().updated()) {
    checkpoint::read_parameters_or_throw(*first, layout, range.begin, optimizer.adamw().first_moments(range));
    checkpoint::read_parameters_or_throw(*second, layout, range.begin,
                                         optimizer.adamw().second_moments(range));
  }
}

}  // namespace

std::optional<Position> restore_or_throw(checkpoint::ModelFolder& folder, Restore what,
                                         model::Stage<float>& stage, RankOptimizer& optimizer) {
  checkpoint::read_parameters_or_throw(folder.weights(), stage.layout(), stage.weights());
  if (what == Restore::weights_only) return std::nullopt;
  const auto state = folder.trainer_state_or_throw();
  if (!state) return std::nullopt;
  Position position{state->iteration, state->consumed_train_samples, state->iteration};
  const auto evaluated = state->numbers.find(kEvaluatedIteration);
  if (evaluated != state->numbers.end()) {
    position.evaluated_iteration = static_cast<std::int64_t>(evaluated->second);
  }
  if (what == Restore::all) {
    restore_moments_or_throw(folder, stage.layout(), optimizer);
    optimizer.adamw().set_steps(state->optimizer_steps);
  }
  return position;
}

std::string save_or_throw(const SavePlan& plan, const SaveContext& context, model::Stage<float>& stage,
                          RankOptimizer& optimizer, const comm::ParallelGroups& groups) {
  checkpoint::CheckpointContent content;
  content.config = {stage.config(), plan.end_of_text, plan.end_of_text};
  // Replicas hold the same weights: each saves its share.
  for (const optim::ElementRange& range : optimizer.plan().share()) {
    append_pieces(content.weights, stage.layout(), range.begin,
                  stage.weights().subspan(range.begin, range.count()));
    if (plan.optimizer == SavePlan::Optimizer::leave_out) continue;
    append_pieces(content.exp_avg, stage.layout(), range.begin, optimizer.adamw().first_moments(range));
    append_pieces(content.exp_avg_sq, stage.layout(), range.begin, optimizer.adamw().second_moments(range));
  }
  checkpoint::TrainerState state;
  state.iteration = context.position.iteration;
  state.consumed_train_samples = context.position.consumed_samples;
  state.consumed_valid_samples = context.consumed_validation_samples;
  state.optimizer_steps = optimizer.adamw().steps();
  state.seed = context.seed;
  state.numbers[kEvaluatedIteration] = static_cast<double>(context.position.evaluated_iteration);
  state.texts = plan.notes;
  content.trainer_state = state;
  content.extra_files = plan.extra_files;
  checkpoint::SaveOptions options;
  options.keep_last = plan.keep_last;
  return checkpoint::save_or_throw(*groups.world, *plan.folder, context.position.iteration, content, options);
}

}  // namespace gpt::train
