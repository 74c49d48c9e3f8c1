#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "libgpt/checkpoint/model_folder.hpp"
#include "libgpt/comm/parallel_groups.hpp"
#include "libgpt/model/stage.hpp"
#include "libgpt/train/rank_optimizer.hpp"
#include "libgpt/train/saved_state.hpp"
#include "libgpt/train/train_config.hpp"

namespace gpt::train {

// What to take from a folder beside the weights.
enum class Restore { all, without_optimizer, weights_only };

// Fills this rank's part of the model from a folder of any layout, and where asked and there the optimizer's
// state. Where training stood, unless only weights are asked for or it is a model from elsewhere. Throws
// io::DataError when something asked for is missing or has another shape.
template <class T>
std::optional<Restored> restore_or_throw(checkpoint::ModelFolder& folder, Restore what,
                                         model::Stage<T>& stage, RankOptimizer<T>& optimizer);

// Saves the model of all ranks into plan.folder, which must be there; returns the checkpoint's path.
// Weights are saved in fp32, wherever and in whatever precision they are computed with. Collective. Throws
// checkpoint::SaveError on all ranks alike.
template <class T>
std::string save_or_throw(const SavePlan& plan, const SaveContext& context, model::Stage<T>& stage,
                          RankOptimizer<T>& optimizer, const comm::ParallelGroups& groups);

}  // namespace gpt::train
