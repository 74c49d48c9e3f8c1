#include "apps/gpt-train/train_on.hpp"

#include "apps/gpt-train/memory_advice.hpp"
#include "libcommon/cli/stop_signals.hpp"
#include "libgpt/tensor/instantiate.hpp"

namespace gpt::train_tool {
namespace {

model::StageConfig stage_config(const RankRun& run) {
  const cost::Layout& layout = run.plan.layout;
  model::StageConfig config;
  config.part = model::model_part(run.plan.model.shape, layout, run.groups.place);
  config.rows =
      layout.sequence == cost::Sequence::parallel ? model::SequenceRows::split : model::SequenceRows::whole;
  config.recompute = run.options.recompute;
  return config;
}

}  // namespace

template <class T>
train::TrainResult train_on(const RankRun& run) {
  Plan& plan = run.plan;
  model::Stage<T> stage(plan.model, stage_config(run), *run.groups.tensor);
  train::Trainer<T> trainer(plan.train, plan.save, stage, run.groups, plan.data, run.observer,
                            cli::stop_requested, run.profile);
  if (plan.start.folder) {
    trainer.restore_or_throw(*plan.start.folder, plan.start.restore);
  } else {
    trainer.initialise_weights();
  }
  run.starting(trainer.iteration());
  train::TrainResult result;
  run.world.end_all_on_failure([&] { result = with_memory_advice(run, [&] { return trainer.run(); }); });
  return result;
}

#define GPT_INSTANTIATE(T) template train::TrainResult train_on<T>(const RankRun&);
GPT_FOR_EACH_TRAINED_ELEMENT(GPT_INSTANTIATE)
#undef GPT_INSTANTIATE

}  // namespace gpt::train_tool
