#include "libgpt/train/evaluation.hpp"

#include <algorithm>

#include "libgpt/schedule/stage_actions.hpp"
#include "libgpt/tensor/instantiate.hpp"
#include "libgpt/train/loss_of_ranks.hpp"
#include "libgpt/train/micro_batch_work.hpp"
#include "libgpt/train/step_batch.hpp"

namespace gpt::train {

template <class T>
std::optional<double> evaluate(const TrainConfig& config, model::Stage<T>& stage,
                               const comm::ParallelGroups& groups, schedule::Executor<T>& executor,
                               const data::SampleSource& source, std::int64_t first_sample,
                               const std::function<bool()>& should_stop) {
  const BatchCut cut = batch_cut(groups, config.micro_batch_size, config.global_batch_size);
  const auto actions =
      schedule::forward_only_actions(schedule::pipeline_shape(groups.layout, cut.micro_batches));
  for (std::int64_t i = 0; i < config.eval_iterations; ++i) {
    if (should_stop()) {
      stage.take_loss();  // of what was evaluated so far: no one's any more
      return std::nullopt;
    }
    const StepBatch batch(source, first_sample + i * cut.samples(), cut, config.documents);
    EvaluationWork<T> work(stage, batch);
    executor.run(actions, work);
  }
  const model::LossSum all = loss_of_all_ranks(groups, stage.take_loss());
  return all.loss / std::max(all.tokens, 1.0);
}

#define GPT_INSTANTIATE(T)                                                                       \
  template std::optional<double> evaluate<T>(                                                    \
      const TrainConfig&, model::Stage<T>&, const comm::ParallelGroups&, schedule::Executor<T>&, \
      const data::SampleSource&, std::int64_t, const std::function<bool()>&);
GPT_FOR_EACH_TRAINED_ELEMENT(GPT_INSTANTIATE)
#undef GPT_INSTANTIATE

}  // namespace gpt::train
