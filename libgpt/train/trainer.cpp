#include "libgpt/train/trainer.hpp"

#include <algorithm>
#include <chrono>
#include <cmath>

#include "libcommon/io/errors.hpp"
#include "libgpt/checkpoint/model_folder.hpp"
#include "libgpt/checkpoint/parameter_pieces.hpp"
#include "libgpt/ops/norm.hpp"
#include "libgpt/optim/clipping.hpp"
#include "libgpt/train/global_batch.hpp"

namespace gpt::train {
namespace {

using Clock = std::chrono::steady_clock;

// In trainer_state.json: the iteration after which the last evaluation was made.
constexpr const char* kEvaluatedIteration = "evaluated_iteration";

double seconds_since(Clock::time_point start) {
  return std::chrono::duration<double>(Clock::now() - start).count();
}

[[noreturn]] void throw_not_finite(const char* what, double value, std::int64_t iteration,
                                   const std::optional<std::string>& saved) {
  throw NotFinite(std::string("the ") + what + " of step " + std::to_string(iteration) + " is " +
                  (std::isnan(value) ? "nan" : "infinite") + ": stopped before its update; " +
                  (saved ? "go on from " + *saved : "nothing was saved: start anew") +
                  " with a lower --lr, a longer warm-up or a lower --clip-grad");
}

}  // namespace

Trainer::Trainer(const TrainConfig& config, SavePlan plan, model::Gpt<float>& model,
                 const data::TrainingData& data, Observer& observer, std::function<bool()> stop_requested)
    : config_(config),
      plan_(std::move(plan)),
      model_(model),
      data_(data),
      observer_(observer),
      stop_requested_(std::move(stop_requested)),
      optimizer_(model.layout(), config.optimizer),
      gradients_(model.layout().buffer_size()) {}

void Trainer::restore_or_throw(checkpoint::ModelFolder& folder, Restore what) {
  checkpoint::read_parameters_or_throw(folder.weights(), model_.layout(), model_.weights());
  if (what == Restore::weights_only) return;
  const auto state = folder.trainer_state_or_throw();
  if (!state) return;  // a model from elsewhere
  iteration_ = state->iteration;
  consumed_samples_ = state->consumed_train_samples;
  const auto evaluated = state->numbers.find(kEvaluatedIteration);
  evaluated_iteration_ =
      evaluated == state->numbers.end() ? iteration_ : static_cast<std::int64_t>(evaluated->second);
  saved_ = folder.path();
  saved_iteration_ = iteration_;
  if (what == Restore::without_optimizer) return;

  auto first = folder.open_optimizer_or_throw(checkpoint::OptimizerMoment::exp_avg);
  auto second = folder.open_optimizer_or_throw(checkpoint::OptimizerMoment::exp_avg_sq);
  if (!first || !second) {
    throw io::DataError(folder.path(),
                        "holds no optimizer state to go on with: pass --no-load-optim to start it anew, or "
                        "--finetune to start training anew from these weights");
  }
  checkpoint::read_parameters_or_throw(*first, model_.layout(), optimizer_.first_moments());
  checkpoint::read_parameters_or_throw(*second, model_.layout(), optimizer_.second_moments());
  optimizer_.set_steps(state->optimizer_steps);
}

std::size_t Trainer::state_bytes() const { return 4 * model_.layout().buffer_size() * sizeof(float); }

model::LossSum Trainer::accumulate_gradients() {
  const GlobalBatch batch(*data_.train, consumed_samples_, config_.global_batch_size, config_.documents);
  const double loss_scale = 1 / std::max(batch.unmasked_tokens(), 1.0);
  model::LossSum loss;
  for (std::int64_t first = 0; first < batch.samples(); first += config_.micro_batch_size) {
    loss += model_.forward_backward(
        batch.micro_batch(first, config_.micro_batch_size), loss_scale, config_.seed,
        first == 0 ? model::Gradients::replace : model::Gradients::add, gradients_.span());
  }
  return loss;
}

StepMetrics Trainer::step() {
  const auto start = Clock::now();
  const model::LossSum loss = accumulate_gradients();
  StepMetrics metrics;
  metrics.iteration = iteration_ + 1;
  metrics.loss = loss.loss / std::max(loss.tokens, 1.0);
  if (!std::isfinite(metrics.loss)) throw_not_finite("loss", metrics.loss, metrics.iteration, saved_);
  metrics.gradient_norm = std::sqrt(ops::sum_of_squares<float>(gradients_.span()));
  if (!std::isfinite(metrics.gradient_norm)) {
    throw_not_finite("gradient norm", metrics.gradient_norm, metrics.iteration, saved_);
  }
  metrics.learning_rate = config_.schedule.at(consumed_samples_);
  optimizer_.step(metrics.learning_rate, optim::clip_factor(metrics.gradient_norm, config_.clip_grad),
                  gradients_.span(), model_.weights());

  ++iteration_;
  consumed_samples_ += config_.global_batch_size;
  metrics.consumed_samples = consumed_samples_;
  metrics.batch_size = config_.global_batch_size;
  metrics.tokens = config_.global_batch_size * data_.train->sequence_length();
  metrics.seconds = seconds_since(start);
  return metrics;
}

std::int64_t Trainer::consumed_validation_samples() const {
  // A run given fewer steps than its checkpoint has made holds validation samples for those alone.
  const std::int64_t steps = std::min(iteration_, config_.train_iterations);
  const std::int64_t evaluations = config_.eval_interval > 0 ? steps / config_.eval_interval : 0;
  return evaluations * config_.eval_iterations * config_.global_batch_size;
}

std::optional<double> Trainer::evaluate(const data::SampleSource* source, std::int64_t first_sample,
                                        EvaluationKind kind) {
  if (source == nullptr || config_.eval_iterations == 0) return std::nullopt;
  const auto start = Clock::now();
  model::LossSum loss;
  for (std::int64_t i = 0; i < config_.eval_iterations; ++i) {
    if (stop_requested_()) return std::nullopt;
    const GlobalBatch batch(*source, first_sample + i * config_.global_batch_size, config_.global_batch_size,
                            config_.documents);
    for (std::int64_t first = 0; first < batch.samples(); first += config_.micro_batch_size) {
      loss += model_.forward_loss(batch.micro_batch(first, config_.micro_batch_size));
    }
  }
  const double mean = loss.loss / std::max(loss.tokens, 1.0);
  observer_.on_evaluation({kind, iteration_, consumed_samples_, mean, seconds_since(start)});
  return mean;
}

bool Trainer::evaluation_due() const {
  return config_.eval_interval > 0 && iteration_ % config_.eval_interval == 0 &&
         iteration_ < config_.train_iterations && evaluated_iteration_ < iteration_;
}

void Trainer::save_or_throw() {
  if (!plan_.folder || saved_iteration_ == iteration_) return;
  const auto& layout = model_.layout();
  checkpoint::CheckpointContent content;
  content.config = {model_.config(), plan_.end_of_text, plan_.end_of_text};
  content.weights = checkpoint::parameter_pieces(layout, model_.weights());
  if (plan_.optimizer == SavePlan::Optimizer::save) {
    content.exp_avg = checkpoint::parameter_pieces(layout, optimizer_.first_moments());
    content.exp_avg_sq = checkpoint::parameter_pieces(layout, optimizer_.second_moments());
  }
  checkpoint::TrainerState state;
  state.iteration = iteration_;
  state.consumed_train_samples = consumed_samples_;
  state.consumed_valid_samples = consumed_validation_samples();
  state.optimizer_steps = optimizer_.steps();
  state.seed = config_.seed;
  state.numbers[kEvaluatedIteration] = static_cast<double>(evaluated_iteration_);
  state.texts = plan_.notes;
  content.trainer_state = state;
  content.extra_files = plan_.extra_files;
  checkpoint::SaveOptions options;
  options.keep_last = plan_.keep_last;
  saved_ = checkpoint::save_or_throw(*plan_.folder, iteration_, content, options);
  saved_iteration_ = iteration_;
  observer_.on_saved(iteration_, *saved_);
}

// An evaluation may take long: a stop abandons it, and it is made after the resume.
StopReason Trainer::evaluate_if_due() {
  if (!evaluation_due()) return StopReason::finished;
  const std::int64_t first =
      consumed_validation_samples() - config_.eval_iterations * config_.global_batch_size;
  evaluate(data_.valid.get(), first, EvaluationKind::interval);
  if (stop_requested_()) return StopReason::requested;
  evaluated_iteration_ = iteration_;
  return StopReason::finished;
}

StopReason Trainer::evaluate_at_end(TrainResult& result) {
  result.validation_loss =
      evaluate(data_.valid.get(), consumed_validation_samples(), EvaluationKind::final_validation);
  if (!stop_requested_()) result.test_loss = evaluate(data_.test.get(), 0, EvaluationKind::final_test);
  return stop_requested_() ? StopReason::requested : StopReason::finished;
}

// A checkpoint of larger batches may have consumed more than this run's steps would have.
void Trainer::check_samples_or_throw() const {
  const std::int64_t steps = config_.train_iterations - iteration_;
  if (steps <= 0) return;
  const std::int64_t wanted = consumed_samples_ + steps * config_.global_batch_size;
  if (wanted <= data_.train->size()) return;
  throw io::DataError(
      saved_.value_or("the checkpoint"),
      "has consumed " + std::to_string(consumed_samples_) + " samples, and " + std::to_string(steps) +
          " steps of " + std::to_string(config_.global_batch_size) + " are to come, but this run has only " +
          std::to_string(data_.train->size()) +
          ": give the --global-batch-size it was made with, or --finetune to start from its weights");
}

TrainResult Trainer::run() {
  check_samples_or_throw();
  const auto start = Clock::now();
  TrainResult result;
  result.reason = evaluate_if_due();
  while (iteration_ < config_.train_iterations && result.reason == StopReason::finished) {
    const StepMetrics metrics = step();
    result.last_loss = metrics.loss;
    observer_.on_step(metrics);
    if (iteration_ < config_.train_iterations) {
      result.reason = stop_reason(config_.stop, iteration_, seconds_since(start) / 60, stop_requested_());
    }
    if (result.reason == StopReason::finished) result.reason = evaluate_if_due();
    if (plan_.save_interval > 0 && iteration_ % plan_.save_interval == 0) save_or_throw();
  }
  save_or_throw();
  if (result.reason == StopReason::finished) result.reason = evaluate_at_end(result);
  result.iteration = iteration_;
  result.consumed_samples = consumed_samples_;
  result.saved = saved_;
  return result;
}

}  // namespace gpt::train
