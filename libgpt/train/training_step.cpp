#include "libgpt/train/training_step.hpp"

#include <algorithm>
#include <chrono>
#include <cmath>

#include "libgpt/optim/clipping.hpp"
#include "libgpt/schedule/stage_actions.hpp"
#include "libgpt/tensor/copy.hpp"
#include "libgpt/tensor/instantiate.hpp"
#include "libgpt/tensor/trace.hpp"
#include "libgpt/train/loss_of_ranks.hpp"
#include "libgpt/train/micro_batch_work.hpp"
#include "libgpt/train/not_finite.hpp"

namespace gpt::train {

template <class T>
TrainingStep<T>::TrainingStep(const TrainConfig& config, model::Stage<T>& stage,
                              const comm::ParallelGroups& groups, schedule::Executor<T>& executor,
                              RankOptimizer<T>& optimizer, const data::SampleSource& source,
                              StepProfile* profile)
    : config_(config),
      stage_(stage),
      groups_(groups),
      executor_(executor),
      optimizer_(optimizer),
      source_(source),
      profile_(profile),
      batches_([this](const Samples& samples) {
        return StepBatch(source_, samples.first, cut_of(samples), config_.documents);
      }) {
  if (config_.loss_scaler) scaler_.emplace(*config_.loss_scaler);
}

template <class T>
std::optional<optim::LossScaler::State> TrainingStep<T>::loss_scaler_state() const {
  return scaler_ ? std::optional(scaler_->state()) : std::nullopt;
}

template <class T>
void TrainingStep<T>::restore(const optim::LossScaler::State& state) {
  if (scaler_) scaler_->restore(state);
}

template <class T>
typename TrainingStep<T>::Samples TrainingStep<T>::samples_after(std::int64_t consumed) const {
  return {consumed, config_.batch_size().at(consumed)};
}

template <class T>
BatchCut TrainingStep<T>::cut_of(const Samples& samples) const {
  return batch_cut(groups_, config_.micro_batch_size, samples.count);
}

template <class T>
StepBatch TrainingStep<T>::read(const Samples& samples) {
  const ProfileScope profiled(profile_, SpanKind::data);
  StepBatch batch = batches_.take(samples);
  const Samples next = samples_after(samples.first + samples.count);
  if (next.first + next.count <= source_.size()) batches_.start(next);
  return batch;
}

template <class T>
void TrainingStep<T>::accumulate_gradients(const StepBatch& batch, const BatchCut& cut) {
  // Only --eod-mask-loss makes replicas differ in it.
  const double unmasked = config_.documents.mask_end_of_document
                              ? groups_.data->all_reduced(batch.unmasked_tokens())
                              : batch.unmasked_tokens() * static_cast<double>(cut.replicas);
  const double scale = loss_scale() / std::max(unmasked, 1.0);
  TrainingWork<T> work(stage_, batch, cut.micro_batches, {scale, config_.seed, optimizer_.gradients()},
                       optimizer_.buckets(), [this] {
                         optimizer_.buckets().progress();
                         executor_.progress();
                       });
  executor_.run(schedule::training_actions(schedule::pipeline_shape(groups_.layout, cut.micro_batches),
                                           groups_.place.pipeline),
                work, profile_);
  optimizer_.finish_sums();
}

// The one moment of a step in which the host waits for a device.
template <class T>
typename TrainingStep<T>::Totals TrainingStep<T>::own_totals() {
  const ProfileScope profiled(profile_, SpanKind::optimizer);
  const auto totals = totals_.span();
  stage_.move_loss(totals.first(2));
  tensor::fill_zero(totals.subspan(2));
  optimizer_.add_sum_of_squares(totals.subspan(2));
  const auto numbers = tensor::downloaded<tensor::Beside<T, double>>(totals);
  return {{numbers[0], numbers[1]}, numbers[2]};
}

template <class T>
typename TrainingStep<T>::Totals TrainingStep<T>::totals_of_all(const Totals& own) {
  const model::LossSum loss = loss_of_all_ranks(groups_, own.loss);
  const ProfileScope profiled(profile_, SpanKind::optimizer);
  return {loss, groups_.world->all_reduced(own.squares)};
}

template <class T>
void TrainingStep<T>::check_finite_or_throw(const StepMetrics& metrics, const model::LossSum& own,
                                            const std::optional<std::string>& saved) {
  const bool loss_is_finite = std::isfinite(metrics.loss);
  if (loss_is_finite && std::isfinite(metrics.gradient_norm)) return;
  const std::string where = where_not_finite<T>(
      *groups_.world,
      {stage_.layout(), stage_.weights(), optimizer_.gradients(), optimizer_.plan().updated(), own.loss});
  const double value = loss_is_finite ? metrics.gradient_norm : metrics.loss;
  throw NotFinite("the " + std::string(loss_is_finite ? "gradient norm" : "loss") + " of step " +
                  std::to_string(metrics.iteration) + " is " + (std::isnan(value) ? "nan" : "infinite") +
                  ", first seen in " + where + ": stopped before its update; " +
                  (saved ? "go on from " + *saved : "nothing was saved: start anew") +
                  " with a lower --lr, a longer warm-up or a lower --clip-grad");
}

// Where the loss is scaled, a step that overflowed teaches the scale and nothing else.
template <class T>
void TrainingStep<T>::update(const Position& position, StepMetrics& metrics) {
  metrics.learning_rate = config_.schedule.at(position.learnt_samples());
  metrics.loss_scale = loss_scale();
  metrics.skipped = !std::isfinite(metrics.loss) || !std::isfinite(metrics.gradient_norm);
  if (!metrics.skipped) {
    const tensor::TraceRange range("update");
    const ProfileScope profiled(profile_, SpanKind::optimizer);
    optimizer_.update(metrics.learning_rate,
                      optim::clip_factor(metrics.gradient_norm, config_.clip_grad) / metrics.loss_scale);
  }
  if (!scaler_) return;
  if (metrics.skipped) {
    scaler_->step_overflowed();
  } else {
    scaler_->step_was_good();
  }
}

template <class T>
StepMetrics TrainingStep<T>::run(const Position& position, const std::optional<std::string>& saved) {
  using Clock = std::chrono::steady_clock;
  const auto start = Clock::now();
  const tensor::TraceRange range("step");
  const Samples samples = samples_after(position.consumed_samples);
  const BatchCut cut = cut_of(samples);
  if (profile_ != nullptr) {
    const cost::Layout& layout = groups_.layout;
    profile_->begin_step(position.iteration + 1,
                         cost::pipeline_bubble(layout.pipeline, cut.micro_batches, layout.virtual_stages));
  }
  accumulate_gradients(read(samples), cut);
  const Totals own = own_totals();
  const Totals sums = totals_of_all(own);
  StepMetrics metrics;
  metrics.iteration = position.iteration + 1;
  metrics.loss = sums.loss.loss / std::max(sums.loss.tokens, 1.0);
  metrics.gradient_norm = std::sqrt(sums.squares) / loss_scale();
  if (!scaler_) check_finite_or_throw(metrics, own.loss, saved);
  update(position, metrics);
  metrics.consumed_samples = samples.first + samples.count;
  metrics.batch_size = samples.count;
  metrics.tokens = samples.count * source_.sequence_length();
  metrics.seconds = std::chrono::duration<double>(Clock::now() - start).count();
  if (profile_ != nullptr) profile_->end_step();
  return metrics;
}

#define GPT_INSTANTIATE(T) template class TrainingStep<T>;
GPT_FOR_EACH_TRAINED_ELEMENT(GPT_INSTANTIATE)
#undef GPT_INSTANTIATE

}  // namespace gpt::train
