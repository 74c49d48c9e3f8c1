#pragma once

#include <cstdint>
#include <functional>
#include <optional>

#include "libgpt/comm/parallel_groups.hpp"
#include "libgpt/data/sample_source.hpp"
#include "libgpt/model/stage.hpp"
#include "libgpt/schedule/executor.hpp"
#include "libgpt/train/train_config.hpp"

namespace gpt::train {

// The mean loss over config.eval_iterations global batches of a source, from first_sample on, shared out
// among all replicas; nothing is trained. Empty when should_stop, which is asked before each batch and must
// answer alike on all ranks, ended it early. Collective.
template <class T>
std::optional<double> evaluate(const TrainConfig& config, model::Stage<T>& stage,
                               const comm::ParallelGroups& groups, schedule::Executor<T>& executor,
                               const data::SampleSource& source, std::int64_t first_sample,
                               const std::function<bool()>& should_stop);

}  // namespace gpt::train
