#include "libgpt/train/checkpointing.hpp"

#include <span>
#include <vector>

#include "libcommon/io/errors.hpp"
#include "libgpt/checkpoint/parameter_pieces.hpp"
#include "libgpt/checkpoint/save.hpp"
#include "libgpt/tensor/copy.hpp"
#include "libgpt/tensor/instantiate.hpp"
#include "libgpt/train/saved_state.hpp"

namespace gpt::train {
namespace {

using Pieces = std::vector<checkpoint::TensorPiece>;

void append_pieces(Pieces& pieces, const model::ParameterLayout& layout, std::size_t first,
                   checkpoint::PieceValues values) {
  Pieces more = checkpoint::parameter_pieces(layout, first, values);
  pieces.insert(pieces.end(), std::make_move_iterator(more.begin()), std::make_move_iterator(more.end()));
}

// Elements of a flat buffer, from `first` on.
template <class V>
void read_or_throw(checkpoint::TensorSet& set, const model::ParameterLayout& layout, std::size_t first,
                   std::span<V> values) {
  if constexpr (tensor::kPlaceOf<V> == tensor::Place::host) {
    checkpoint::read_parameters_or_throw(set, layout, first, values);
  } else {
    checkpoint::read_parameters_or_throw(
        set, layout, first, values.size(), [&](std::size_t begin, std::span<const float> read) {
          tensor::upload<V>(read, values.subspan(begin - first, read.size()));
        });
  }
}

template <class T>
void restore_weights_or_throw(checkpoint::ModelFolder& folder, model::Stage<T>& stage,
                              RankOptimizer<T>& optimizer) {
  const model::ParameterLayout& layout = stage.layout();
  if constexpr (std::is_same_v<T, float>) {
    checkpoint::read_parameters_or_throw(folder.weights(), layout, stage.weights());
  } else {
    checkpoint::read_parameters_or_throw(
        folder.weights(), layout, 0, layout.buffer_size(),
        [&](std::size_t first, std::span<const float> values) { optimizer.set_weights(first, values); });
  }
}

template <class T>
void restore_moments_or_throw(checkpoint::ModelFolder& folder, const model::ParameterLayout& layout,
                              RankOptimizer<T>& optimizer) {
  auto first = folder.open_optimizer_or_throw(checkpoint::OptimizerMoment::exp_avg);
  auto second = folder.open_optimizer_or_throw(checkpoint::OptimizerMoment::exp_avg_sq);
  if (!first || !second) {
    throw io::DataError(folder.path(),
                        "holds no optimizer state to go on with: pass --no-load-optim to start it anew, or "
                        "--finetune to start training anew from these weights");
  }
  for (const optim::ElementRange& range : optimizer.plan().updated()) {
    read_or_throw(*first, layout, range.begin, optimizer.adamw().first_moments(range));
    read_or_throw(*second, layout, range.begin, optimizer.adamw().second_moments(range));
  }
}

}  // namespace

template <class T>
std::optional<Restored> restore_or_throw(checkpoint::ModelFolder& folder, Restore what,
                                         model::Stage<T>& stage, RankOptimizer<T>& optimizer) {
  restore_weights_or_throw(folder, stage, optimizer);
  if (what == Restore::weights_only) return std::nullopt;
  const auto state = folder.trainer_state_or_throw();
  if (!state) return std::nullopt;
  if (what == Restore::all) {
    restore_moments_or_throw(folder, stage.layout(), optimizer);
    optimizer.adamw().set_steps(state->optimizer_steps);
  }
  return restored_from(*state);
}

template <class T>
std::string save_or_throw(const SavePlan& plan, const SaveContext& context, model::Stage<T>& stage,
                          RankOptimizer<T>& optimizer, const comm::ParallelGroups& groups) {
  checkpoint::CheckpointContent content;
  content.config = {stage.config(), plan.end_of_text, plan.end_of_text};
  // Replicas hold the same weights: each saves its share.
  for (const optim::ElementRange& range : optimizer.plan().share()) {
    append_pieces(content.weights, stage.layout(), range.begin, optimizer.exact_weights(range));
    if (plan.optimizer == SavePlan::Optimizer::leave_out) continue;
    append_pieces(content.exp_avg, stage.layout(), range.begin, optimizer.adamw().first_moments(range));
    append_pieces(content.exp_avg_sq, stage.layout(), range.begin, optimizer.adamw().second_moments(range));
  }
  content.trainer_state = trainer_state(plan, context, optimizer.adamw().steps());
  if (plan.late_notes) content.trainer_state->texts.merge(plan.late_notes());
  content.extra_files = plan.extra_files;
  checkpoint::SaveOptions options;
  options.keep_last = plan.keep_last;
  return checkpoint::save_or_throw(*groups.world, *plan.folder, context.position.iteration, content, options);
}

#define GPT_INSTANTIATE(T)                                                                                  \
  template std::optional<Restored> restore_or_throw<T>(checkpoint::ModelFolder&, Restore, model::Stage<T>&, \
                                                       RankOptimizer<T>&);                                  \
  template std::string save_or_throw<T>(const SavePlan&, const SaveContext&, model::Stage<T>&,              \
                                        RankOptimizer<T>&, const comm::ParallelGroups&);
GPT_FOR_EACH_TRAINED_ELEMENT(GPT_INSTANTIATE)
#undef GPT_INSTANTIATE

}  // namespace gpt::train
