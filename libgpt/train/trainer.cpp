#include "libgpt/train/trainer.hpp"

#include <algorithm>
#include <chrono>
#include <filesystem>

#include "libcommon/io/errors.hpp"
#include "libgpt/comm/current_step.hpp"
#include "libgpt/tensor/instantiate.hpp"
#include "libgpt/tensor/trace.hpp"
#include "libgpt/train/evaluation.hpp"

namespace gpt::train {
namespace {

using Clock = std::chrono::steady_clock;

double seconds_since(Clock::time_point start) {
  return std::chrono::duration<double>(Clock::now() - start).count();
}

// Whether path is the model folder that a run which saves into folder would go on from.
bool is_latest_of(const std::string& folder, const std::string& path) {
  std::error_code ignored;
  try {
    const auto latest = checkpoint::find_model_folder_or_throw(folder);
    return latest && std::filesystem::equivalent(*latest, path, ignored);
  } catch (const io::DataError&) {
    return false;
  }
}

}  // namespace

template <class T>
Trainer<T>::Trainer(const TrainConfig& config, SavePlan plan, model::Stage<T>& stage,
                    const comm::ParallelGroups& groups, const data::TrainingData& data, Observer& observer,
                    std::function<bool()> stop_requested, StepProfile* profile)
    : config_(config),
      plan_(std::move(plan)),
      stage_(stage),
      groups_(groups),
      data_(data),
      observer_(observer),
      stop_requested_(std::move(stop_requested)),
      profile_(profile),
      executor_(*groups.pipeline, groups.layout.virtual_stages),
      optimizer_(stage, groups, config.optimizer),
      training_step_(config_, stage, groups, executor_, optimizer_, *data.train, profile) {}

template <class T>
void Trainer<T>::restore_or_throw(checkpoint::ModelFolder& folder, Restore what) {
  const auto restored = train::restore_or_throw(folder, what, stage_, optimizer_);
  if (!restored) return;
  position_ = restored->position;
  if (what == Restore::all && restored->loss_scaler) training_step_.restore(*restored->loss_scaler);
  saved_ = folder.path();
  // What --save holds need not be written again; what came from elsewhere must. Agreed on: saving is
  // collective.
  const bool held = plan_.folder && is_latest_of(*plan_.folder, folder.path());
  if (groups_.world->all_reduced<std::int32_t>(held ? 1 : 0, comm::Reduction::min) == 1) {
    saved_iteration_ = position_.iteration;
  }
}

template <class T>
std::size_t Trainer<T>::state_bytes() const {
  return stage_.layout().buffer_size() * sizeof(T) + optimizer_.bytes();
}

// The ranks' clocks and signals differ; the strongest reason of any counts for all.
template <class T>
StopReason Trainer<T>::vote(StopReason own) {
  const auto number = groups_.world->all_reduced(static_cast<std::int32_t>(own), comm::Reduction::max);
  return static_cast<StopReason>(number);
}

template <class T>
bool Trainer<T>::stop_voted() {
  return vote(stop_requested_() ? StopReason::requested : StopReason::finished) == StopReason::requested;
}

template <class T>
void Trainer<T>::tell_profiler() const {
  tensor::TraceSink* const sink = tensor::trace_sink();
  if (!config_.profiler || sink == nullptr) return;
  if (position_.iteration == config_.profiler->start) sink->start_profiler();
  if (position_.iteration == config_.profiler->end) sink->stop_profiler();
}

template <class T>
void Trainer<T>::step(TrainResult& result) {
  tell_profiler();
  comm::set_current_step(position_.iteration + 1);
  const StepMetrics metrics = training_step_.run(position_, saved_);
  ++position_.iteration;
  position_.consumed_samples = metrics.consumed_samples;
  if (metrics.skipped) {
    position_.skipped_samples += metrics.batch_size;
  } else {
    result.last_loss = metrics.loss;
  }
  observer_.on_step(metrics);
}

template <class T>
std::int64_t Trainer<T>::consumed_validation_samples() const {
  // A run given fewer steps than its checkpoint has made holds validation samples for those alone.
  const std::int64_t steps = std::min(position_.iteration, config_.train_iterations);
  const std::int64_t evaluations = config_.eval_interval > 0 ? steps / config_.eval_interval : 0;
  return evaluations * config_.eval_iterations * config_.global_batch_size;
}

template <class T>
std::optional<double> Trainer<T>::evaluate(const data::SampleSource* source, std::int64_t first_sample,
                                           EvaluationKind kind) {
  if (source == nullptr || config_.eval_iterations == 0) return std::nullopt;
  const ProfileScope profiled(profile_, SpanKind::evaluation);
  const auto start = Clock::now();
  const auto loss = train::evaluate(config_, stage_, groups_, executor_, *source, first_sample,
                                    [this] { return stop_voted(); });
  if (loss) {
    observer_.on_evaluation(
        {kind, position_.iteration, position_.consumed_samples, *loss, seconds_since(start)});
  }
  return loss;
}

template <class T>
bool Trainer<T>::evaluation_due() const {
  return config_.eval_interval > 0 && position_.iteration % config_.eval_interval == 0 &&
         position_.iteration < config_.train_iterations &&
         position_.evaluated_iteration < position_.iteration;
}

template <class T>
void Trainer<T>::save_or_throw() {
  if (!plan_.folder || saved_iteration_ == position_.iteration) return;
  const ProfileScope profiled(profile_, SpanKind::save);
  saved_ = train::save_or_throw(
      plan_, {position_, consumed_validation_samples(), config_.seed, training_step_.loss_scaler_state()},
      stage_, optimizer_, groups_);
  saved_iteration_ = position_.iteration;
  observer_.on_saved(position_.iteration, *saved_);
}

template <class T>
void Trainer<T>::save_within_run_or_throw() {
  try {
    save_or_throw();
  } catch (const checkpoint::SaveError& error) {  // thrown on all ranks
    if (plan_.on_error == SavePlan::OnError::stop) throw;
    observer_.on_save_failed(position_.iteration, error.what());
  }
}

// An evaluation may take long: a stop abandons it, and it is made after the resume.
template <class T>
StopReason Trainer<T>::evaluate_if_due() {
  if (!evaluation_due()) return StopReason::finished;
  const std::int64_t first =
      consumed_validation_samples() - config_.eval_iterations * config_.global_batch_size;
  evaluate(data_.valid.get(), first, EvaluationKind::interval);
  if (stop_voted()) return StopReason::requested;
  position_.evaluated_iteration = position_.iteration;
  return StopReason::finished;
}

template <class T>
StopReason Trainer<T>::evaluate_at_end(TrainResult& result) {
  result.validation_loss =
      evaluate(data_.valid.get(), consumed_validation_samples(), EvaluationKind::final_validation);
  if (!stop_voted()) result.test_loss = evaluate(data_.test.get(), 0, EvaluationKind::final_test);
  return stop_voted() ? StopReason::requested : StopReason::finished;
}

// A checkpoint of larger batches may have consumed more than this run's steps would have.
template <class T>
void Trainer<T>::check_samples_or_throw() const {
  const std::int64_t steps = config_.train_iterations - position_.iteration;
  if (steps <= 0) return;
  const std::int64_t wanted = config_.batch_size().consumed_after(position_.consumed_samples, steps);
  if (wanted <= data_.train->size()) return;
  throw io::DataError(
      saved_.value_or("the checkpoint"),
      "has consumed " + std::to_string(position_.consumed_samples) + " samples, and " +
          std::to_string(steps) + " steps of " + std::to_string(config_.global_batch_size) +
          " are to come, but this run has only " + std::to_string(data_.train->size()) +
          ": give the --global-batch-size it was made with, or --finetune to start from its weights");
}

template <class T>
TrainResult Trainer<T>::run() {
  check_samples_or_throw();
  const auto start = Clock::now();
  TrainResult result;
  result.reason = evaluate_if_due();
  while (position_.iteration < config_.train_iterations && result.reason == StopReason::finished) {
    step(result);
    if (position_.iteration < config_.train_iterations) {
      result.reason =
          vote(stop_reason(config_.stop, position_.iteration, seconds_since(start) / 60, stop_requested_()));
    }
    if (result.reason == StopReason::finished) result.reason = evaluate_if_due();
    if (plan_.save_interval > 0 && position_.iteration % plan_.save_interval == 0 &&
        result.reason == StopReason::finished && position_.iteration < config_.train_iterations) {
      save_within_run_or_throw();
    }
  }
  tell_profiler();
  save_or_throw();
  if (result.reason == StopReason::finished) result.reason = evaluate_at_end(result);
  result.iteration = position_.iteration;
  result.consumed_samples = position_.consumed_samples;
  result.saved = saved_;
  return result;
}

#define GPT_INSTANTIATE(T) template class Trainer<T>;
GPT_FOR_EACH_TRAINED_ELEMENT(GPT_INSTANTIATE)
#undef GPT_INSTANTIATE

}  // namespace gpt::train
