#include "libgpt/train/training_step.hpp"

#include <algorithm>
#include <array>
#include <chrono>
#include <cmath>

#include "libgpt/optim/clipping.hpp"
#include "libgpt/schedule/stage_actions.hpp"
#include "libgpt/train/micro_batch_work.hpp"
#include "libgpt/train/not_finite.hpp"

namespace gpt::train {

BatchCut batch_cut(const comm::ParallelGroups& groups, std::int64_t micro_batch_size,
                   std::int64_t batch_size) {
  const std::int64_t replicas = groups.layout.data;
  return {micro_batch_size, batch_size / (micro_batch_size * replicas), groups.place.data, replicas};
}

model::LossSum loss_of_all_ranks(const comm::ParallelGroups& groups, const model::LossSum& own) {
  // Tensor ranks know the same loss.
  std::array<double, 2> sums{};
  if (groups.place.tensor == 0) sums = {own.loss, own.tokens};
  groups.world->all_reduce(std::span<double>(sums));
  return {sums[0], sums[1]};
}

TrainingStep::TrainingStep(const TrainConfig& config, model::Stage<float>& stage,
                           const comm::ParallelGroups& groups, schedule::Executor<float>& executor,
                           RankOptimizer& optimizer, const data::SampleSource& source, StepProfile* profile)
    : config_(config),
      stage_(stage),
      groups_(groups),
      executor_(executor),
      optimizer_(optimizer),
      source_(source),
      profile_(profile),
      batches_([this](const Samples& samples) {
        return StepBatch(source_, samples.first, cut_of(samples), config_.documents);
      }) {}

TrainingStep::Samples TrainingStep::samples_after(std::int64_t consumed) const {
  return {consumed, config_.batch_size().at(consumed)};
}

BatchCut TrainingStep::cut_of(const Samples& samples) const {
  return batch_cut(groups_, config_.micro_batch_size, samples.count);
}

StepBatch TrainingStep::read(const Samples& samples) {
  const ProfileScope profiled(profile_, SpanKind::data);
  StepBatch batch = batches_.take(samples);
  const Samples next = samples_after(samples.first + samples.count);
  if (next.first + next.count <= source_.size()) batches_.start(next);
  return batch;
}

model::LossSum TrainingStep::accumulate_gradients(const StepBatch& batch, const BatchCut& cut) {
  // Only --eod-mask-loss makes replicas differ in it.
  const double unmasked = config_.documents.mask_end_of_document
                              ? groups_.data->all_reduced(batch.unmasked_tokens())
                              : batch.unmasked_tokens() * static_cast<double>(cut.replicas);
  TrainingWork work(stage_, batch, cut.micro_batches,
                    {1 / std::max(unmasked, 1.0), config_.seed, optimizer_.gradients()}, optimizer_.buckets(),
                    [this] {
                      optimizer_.buckets().progress();
                      executor_.progress();
                    });
  executor_.run(schedule::training_actions(schedule::pipeline_shape(groups_.layout, cut.micro_batches),
                                           groups_.place.pipeline),
                work, profile_);
  optimizer_.finish_sums();
  return stage_.take_loss();
}

TrainingStep::Totals TrainingStep::totals(const model::LossSum& own) {
  const model::LossSum loss = loss_of_all_ranks(groups_, own);
  const ProfileScope profiled(profile_, SpanKind::optimizer);
  return {loss.loss, loss.tokens, groups_.world->all_reduced(optimizer_.sum_of_squares())};
}

void TrainingStep::check_finite_or_throw(const StepMetrics& metrics, const model::LossSum& own,
                                         const std::optional<std::string>& saved) {
  const bool loss_is_finite = std::isfinite(metrics.loss);
  if (loss_is_finite && std::isfinite(metrics.gradient_norm)) return;
  const std::string where = where_not_finite(
      *groups_.world,
      {stage_.layout(), stage_.weights(), optimizer_.gradients(), optimizer_.plan().updated(), own.loss});
  const double value = loss_is_finite ? metrics.gradient_norm : metrics.loss;
  throw NotFinite("the " + std::string(loss_is_finite ? "gradient norm" : "loss") + " of step " +
                  std::to_string(metrics.iteration) + " is " + (std::isnan(value) ? "nan" : "infinite") +
                  ", first seen in " + where + ": stopped before its update; " +
                  (saved ? "go on from " + *saved : "nothing was saved: start anew") +
                  " with a lower --lr, a longer warm-up or a lower --clip-grad");
}

StepMetrics TrainingStep::run(const Position& position, const std::optional<std::string>& saved) {
  using Clock = std::chrono::steady_clock;
  const auto start = Clock::now();
  const Samples samples = samples_after(position.consumed_samples);
  const BatchCut cut = cut_of(samples);
  if (profile_ != nullptr) {
    const cost::Layout& layout = groups_.layout;
    profile_->begin_step(position.iteration + 1,
                         cost::pipeline_bubble(layout.pipeline, cut.micro_batches, layout.virtual_stages));
  }
  const model::LossSum own = accumulate_gradients(read(samples), cut);
  const Totals sums = totals(own);
  StepMetrics metrics;
  metrics.iteration = position.iteration + 1;
  metrics.loss = sums.loss / std::max(sums.tokens, 1.0);
  metrics.gradient_norm = std::sqrt(sums.squares);
  check_finite_or_throw(metrics, own, saved);
  metrics.learning_rate = config_.schedule.at(position.consumed_samples);
  {
    const ProfileScope profiled(profile_, SpanKind::optimizer);
    optimizer_.update(metrics.learning_rate, optim::clip_factor(metrics.gradient_norm, config_.clip_grad));
  }
  metrics.consumed_samples = samples.first + samples.count;
  metrics.batch_size = samples.count;
  metrics.tokens = samples.count * source_.sequence_length();
  metrics.seconds = std::chrono::duration<double>(Clock::now() - start).count();
  if (profile_ != nullptr) profile_->end_step();
  return metrics;
}

}  // namespace gpt::train
