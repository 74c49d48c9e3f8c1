#include "apps/gpt-train/settle.hpp"

#include <string>

#include "apps/gpt-train/written_options.hpp"
#include "libcommon/cli/errors.hpp"
#include "libgpt/cost/fitting_sizes.hpp"
#include "libgpt/model/model_part.hpp"

namespace gpt::train_tool {
namespace {

using std::to_string;

std::int64_t data_size_or_throw(const cost::Layout& layout, std::int64_t world) {
  const std::int64_t replica = layout.tensor * layout.pipeline;
  if (world % replica == 0) return world / replica;
  const std::string sizes = "--tensor-model-parallel-size " + to_string(layout.tensor) +
                            " times --pipeline-model-parallel-size " + to_string(layout.pipeline);
  throw cli::UsageError(sizes + " is " + to_string(replica) + " ranks, or a multiple of it, but there " +
                        (world == 1 ? "is 1" : "are " + to_string(world)) + ": start " +
                        cost::nearest_multiples(world, replica) + " (mpirun -n " + to_string(replica) +
                        " gpt-train ..., or srun)" +
                        (world == 1 ? "" : ", or choose sizes whose product divides " + to_string(world)));
}

// What a global batch must be a multiple of.
struct BatchUnit {
  std::int64_t samples = 1;
  std::string name;
};

BatchUnit batch_unit(const Options& options, const cost::Layout& layout) {
  const std::int64_t micro = options.train.micro_batch_size;
  BatchUnit unit{micro * layout.data, "--micro-batch-size " + to_string(micro)};
  if (layout.data != 1) unit.name += " times " + to_string(layout.data) + " data-parallel ranks";
  return unit;
}

void check_multiple_or_throw(const char* name, std::int64_t batch, const BatchUnit& unit) {
  if (batch % unit.samples == 0) return;
  throw cli::UsageError(std::string(name) + " " + to_string(batch) + " is no multiple of " + unit.name +
                        ": the nearest that fit are " + cost::nearest_multiples(batch, unit.samples));
}

void check_ramp_up_or_throw(const Options& options, const BatchUnit& unit) {
  if (!options.lengths.ramp_up) return;
  const optim::BatchSize::Rampup& ramp_up = *options.lengths.ramp_up;
  check_multiple_or_throw("START of --rampup-batch-size", ramp_up.start, unit);
  check_multiple_or_throw("INCREMENT of --rampup-batch-size", ramp_up.increment, unit);
  const std::int64_t global = options.train.global_batch_size;
  if (ramp_up.start > global) {
    throw cli::UsageError("--rampup-batch-size starts at " + to_string(ramp_up.start) +
                          ", beyond --global-batch-size " + to_string(global));
  }
  const std::int64_t rise = global - ramp_up.start;
  if (rise % ramp_up.increment != 0) {
    throw cli::UsageError("--rampup-batch-size rises from " + to_string(ramp_up.start) +
                          " to --global-batch-size " + to_string(global) + " by " + to_string(rise) +
                          ", no multiple of its increment " + to_string(ramp_up.increment) +
                          ": the global batch sizes nearest that fit are " +
                          to_string(ramp_up.start + rise / ramp_up.increment * ramp_up.increment) + " and " +
                          to_string(ramp_up.start + (rise / ramp_up.increment + 1) * ramp_up.increment));
  }
}

// Steps are turned into samples, and those into tokens.
void check_product_or_throw(const char* name, std::int64_t steps, std::int64_t batch) {
  if (steps <= kLargest / batch) return;
  throw cli::UsageError(std::string(name) + " " + to_string(steps) + " times --global-batch-size " +
                        to_string(batch) + " is more than the 2^42 samples that a run can have");
}

void settle_iterations_or_throw(Options& options) {
  train::TrainConfig& train = options.train;
  const LengthOptions& lengths = options.lengths;
  const std::int64_t batch = train.global_batch_size;
  train.train_iterations =
      lengths.train_iterations != 0
          ? lengths.train_iterations
          : optim::BatchSize(batch, lengths.ramp_up, 1).steps_over(lengths.train_samples);
  if (train.train_iterations == 0 && !options.print_layout) {
    throw cli::UsageError("--train-samples " + to_string(lengths.train_samples) +
                          " is less than one step of --global-batch-size " + to_string(batch));
  }
  check_product_or_throw("--train-iters", train.train_iterations, batch);
}

void settle_schedule_or_throw(Options& options) {
  const LengthOptions& lengths = options.lengths;
  optim::LearningRateSchedule& schedule = options.train.schedule;
  const std::int64_t batch = options.train.global_batch_size;
  check_product_or_throw("--lr-decay-iters", lengths.decay_iterations, batch);
  check_product_or_throw("--lr-warmup-iters", lengths.warmup_iterations, batch);
  const std::int64_t all =
      lengths.train_samples != 0 ? lengths.train_samples : options.train.train_iterations * batch;
  schedule.decay_samples = lengths.decay_samples != 0      ? lengths.decay_samples
                           : lengths.decay_iterations != 0 ? lengths.decay_iterations * batch
                                                           : all;
  if (lengths.warmup_fraction > 0) {
    schedule.warmup_samples = lengths.warmup_fraction * static_cast<double>(schedule.decay_samples);
  } else {
    schedule.warmup_samples = static_cast<double>(
        lengths.warmup_samples != 0 ? lengths.warmup_samples : lengths.warmup_iterations * batch);
  }
  if (options.print_layout || schedule.style == optim::DecayStyle::constant ||
      schedule.warmup_samples < static_cast<double>(schedule.decay_samples)) {
    return;
  }
  throw cli::UsageError("the learning rate warms up over " +
                        to_string(static_cast<std::int64_t>(schedule.warmup_samples)) +
                        " samples but decays over " + to_string(schedule.decay_samples) +
                        ": shorten --lr-warmup-iters, or train longer");
}

std::int64_t virtual_stages_or_throw(const Options& options, const cost::ModelShape& shape) {
  const std::int64_t depth = options.parallel.layers_per_virtual_stage;
  const std::int64_t stages = options.parallel.layout.pipeline;
  if (depth == 0) return 1;
  const std::int64_t stage_layers = shape.layers / stages;
  if (shape.layers % stages == 0 && stage_layers % depth == 0) return stage_layers / depth;
  if (shape.layers % stages != 0) return 1;  // the layers do not suit the stages: said by the layout's check
  throw cli::UsageError("--num-layers-per-virtual-pipeline-stage " + to_string(depth) +
                        " does not divide the " + to_string(stage_layers) + " layers of a pipeline stage (" +
                        to_string(shape.layers) + " over " + to_string(stages) + "): possible are " +
                        cost::divisors_text(stage_layers));
}

void check_rows_or_throw(const Options& options, const cost::Layout& layout) {
  const std::int64_t rows = options.train.micro_batch_size * options.data.sequence_length;
  if (layout.sequence == cost::Sequence::whole || rows % layout.tensor == 0) return;
  throw cli::UsageError("--sequence-parallel: the " + to_string(rows) + " tokens of a micro batch (" +
                        to_string(options.train.micro_batch_size) + " of --seq-length " +
                        to_string(options.data.sequence_length) +
                        ") are no multiple of --tensor-model-parallel-size " + to_string(layout.tensor) +
                        ": the sequence lengths nearest that fit are " +
                        cost::nearest_multiples(options.data.sequence_length, layout.tensor));
}

// The interleaved schedule passes micro batches on in rounds of as many as there are stages.
void check_rounds_or_throw(const Options& options, const cost::Layout& layout) {
  if (layout.virtual_stages == 1 || layout.data == 0) return;
  const BatchUnit unit = batch_unit(options, layout);
  const std::int64_t round = unit.samples * layout.pipeline;
  const auto ramp_up = options.lengths.ramp_up.value_or(optim::BatchSize::Rampup{});
  for (const std::int64_t batch : {options.train.global_batch_size, ramp_up.start, ramp_up.increment}) {
    if (batch % round == 0) continue;
    throw cli::UsageError("--num-layers-per-virtual-pipeline-stage needs micro batches in multiples of the " +
                          to_string(layout.pipeline) + " pipeline stages, but a batch of " +
                          to_string(batch) + " is " + to_string(batch / unit.samples) +
                          " of them: the batch sizes nearest that fit are " +
                          cost::nearest_multiples(batch, round));
  }
}

void check_recompute_or_throw(const Options& options, const cost::ModelShape& shape,
                              const cost::Layout& layout) {
  const std::int64_t chunk = shape.layers / (layout.pipeline * layout.virtual_stages);
  if (options.recompute.granularity != cost::Recompute::full || options.recompute.layers <= chunk) return;
  throw cli::UsageError("--recompute-num-layers " + to_string(options.recompute.layers) +
                        " is more than the " + to_string(chunk) + " layers of a " +
                        (layout.virtual_stages == 1 ? "pipeline stage" : "model chunk") + ": pass 1 to " +
                        to_string(chunk));
}

}  // namespace

std::int64_t world_size_or_throw(const Options& options, std::int64_t started) {
  const std::int64_t asked = options.parallel.world_size;
  if (asked == 0 && options.print_layout && started == 1) {
    return options.parallel.layout.tensor * options.parallel.layout.pipeline;
  }
  if (asked == 0 || asked == started) return started;
  if (options.print_layout && started == 1) return asked;
  throw cli::UsageError("--world-size " + to_string(asked) + " but " + to_string(started) +
                        (started == 1 ? " rank was" : " ranks were") +
                        " started: leave it out; the launcher says how many there are (mpirun -n " +
                        to_string(asked) + ", or srun); it is for --print-layout");
}

Options settled_or_throw(Options options, std::int64_t world_size) {
  cost::Layout& layout = options.parallel.layout;
  layout.data = data_size_or_throw(layout, world_size);
  const BatchUnit unit = batch_unit(options, layout);
  train::TrainConfig& train = options.train;
  train.global_batch_size = options.lengths.global_batch != 0 ? options.lengths.global_batch : unit.samples;
  check_multiple_or_throw("--global-batch-size", train.global_batch_size, unit);
  check_ramp_up_or_throw(options, unit);
  train.ramp_up = options.lengths.ramp_up;
  settle_iterations_or_throw(options);
  settle_schedule_or_throw(options);
  return options;
}

cost::Layout layout_of_model_or_throw(const Options& options, const cost::ModelShape& shape) {
  cost::Layout layout = options.parallel.layout;
  layout.virtual_stages = virtual_stages_or_throw(options, shape);
  cost::ModelShape with_vocabulary = shape;
  if (shape.vocabulary == 0) with_vocabulary.vocabulary = layout.tensor;  // not known yet
  try {
    model::check_layout_or_throw(with_vocabulary, layout);
  } catch (const model::ConfigError& error) {
    throw cli::UsageError(error.what());
  }
  check_rows_or_throw(options, layout);
  check_rounds_or_throw(options, layout);
  check_recompute_or_throw(options, shape, layout);
  return layout;
}

void check_for_any_world_or_throw(const Options& options) {
  const cost::ModelShape& shape = options.model.shape;
  const bool model_known = shape.layers != 0 && shape.hidden != 0 && shape.heads != 0;
  if (model_known) layout_of_model_or_throw(options, shape);
  const std::int64_t replica = options.parallel.layout.tensor * options.parallel.layout.pipeline;
  if (options.parallel.world_size != 0) {
    const Options settled = settled_or_throw(options, options.parallel.world_size);
    if (model_known) layout_of_model_or_throw(settled, shape);
  } else if (options.lengths.global_batch != 0) {
    settled_or_throw(options, replica);  // more replicas only ask for more of the batch
  }
}

}  // namespace gpt::train_tool
