#include "apps/gpt-estimate/options.hpp"

#include <map>

#include <CLI/CLI.hpp>

#include "apps/gpt-estimate/published_tables.hpp"
#include "apps/gpt-estimate/scaled_number.hpp"
#include "libcommon/cli/errors.hpp"
#include "libgpt/cost/parameters.hpp"

namespace gpt::estimate {
namespace {

const std::map<std::string, cost::Precision> kPrecisions = {
    {"fp32", cost::Precision::fp32}, {"fp16", cost::Precision::fp16}, {"bf16", cost::Precision::bf16}};
const std::map<std::string, cost::Recompute> kRecomputes = {{"none", cost::Recompute::none},
                                                            {"selective", cost::Recompute::selective},
                                                            {"full", cost::Recompute::full}};
const std::map<std::string, cost::RecomputeConfig::Method> kRecomputeMethods = {
    {"uniform", cost::RecomputeConfig::Method::uniform}, {"block", cost::RecomputeConfig::Method::block}};
const std::map<std::string, Device> kDevices = {{"gpu", Device::gpu}, {"cpu", Device::cpu}};
const std::map<std::string, Format> kFormats = {
    {"text", Format::text}, {"markdown", Format::markdown}, {"csv", Format::csv}, {"json", Format::json}};

// The command line as it was written, before it makes sense as a whole.
struct Written {
  cost::ModelShape shape;
  std::int64_t sequence = 0;
  std::int64_t micro_batch = 1;
  std::int64_t global_batch = 0;
  std::int64_t layers_per_virtual_stage = 0;
  std::int64_t world_size = 0;
  std::int64_t vocabulary_multiple = 128;
  std::int64_t train_iterations = 0;
  std::int64_t train_samples = 0;
  cost::Layout layout;
  cost::RecomputeConfig recompute;
  std::optional<cost::Precision> precision;
  Device device = Device::gpu;
  bool sequence_parallel = false;
  bool distributed_optimizer = false;
  bool checkpoint_activations = false;
  std::string tokens, parameters, gpus, teraflops;
  std::vector<std::string> tables;
  Format format = Format::text;
  std::string output = "-";
};

template <class Value>
CLI::Option* add_choice(CLI::App& app, const std::string& name, Value& value, const std::string& help,
                        const std::map<std::string, Value>& choices) {
  std::string names;
  for (const auto& [choice, unused] : choices) names += (names.empty() ? "" : "|") + choice;
  return app
      .add_option_function<std::string>(
          name, [&value, &choices](const std::string& text) { value = choices.at(text); }, help)
      ->check(CLI::IsMember(choices))
      ->type_name(names);
}

// The product of two counts, and of a count and a few bytes, keeps within 64 bits.
constexpr std::int64_t kLargest = std::int64_t{1} << 30;

CLI::Option* add_size(CLI::App& app, const std::string& name, std::int64_t& value, const std::string& help) {
  return app.add_option(name, value, help)->check(CLI::Range(std::int64_t{1}, kLargest))->type_name("N");
}

void add_shape_options(CLI::App& app, Written& written, bool required) {
  add_size(app, "--num-layers", written.shape.layers, "Transformer blocks, L")->required(required);
  add_size(app, "--hidden-size", written.shape.hidden, "Width of a block, h")->required(required);
  add_size(app, "--num-attention-heads", written.shape.heads, "Attention heads, a")->required(required);
  add_size(app, "--seq-length", written.sequence, "Tokens of a sample, s")->required(required);
  add_size(app, "--vocab-size", written.shape.vocabulary, "Entries of the vocabulary, V")->default_val(50257);
  add_size(app, "--max-position-embeddings", written.shape.positions, "Positions; by default the sequence's");
  add_size(app, "--ffn-hidden-size", written.shape.ffn_hidden, "Width of the MLP; by default 4h");
  add_size(app, "--kv-channels", written.shape.kv_channels, "Width of a head; by default h/a");
}

void add_model(CLI::App& app, Written& written) {
  add_shape_options(app, written, true);
  add_size(app, "--micro-batch-size", written.micro_batch, "Samples of a micro batch, b");
  add_size(app, "--global-batch-size", written.global_batch,
           "Samples of a step, B; by default a micro batch a replica");
  add_size(app, "--tensor-model-parallel-size,--tensor-parallel-size", written.layout.tensor,
           "Processes that share each layer");
  add_size(app, "--pipeline-model-parallel-size,--pipeline-parallel-size", written.layout.pipeline,
           "Pipeline stages");
  auto* data = add_size(app, "--data-parallel-size", written.layout.data, "Replicas of the model");
  add_size(app, "--world-size", written.world_size, "All processes, from which the replicas follow")
      ->excludes(data);
  add_size(app, "--num-layers-per-virtual-pipeline-stage", written.layers_per_virtual_stage,
           "Blocks of a chunk in the interleaved schedule");
  add_size(app, "--make-vocab-size-divisible-by", written.vocabulary_multiple,
           "Pad the vocabulary to a multiple of this a tensor rank");
  app.add_option_function<std::string>(
         "--precision", [&written](const std::string& name) { written.precision = kPrecisions.at(name); },
         "Numbers to compute in; by default bf16, on the CPU fp32")
      ->check(CLI::IsMember(kPrecisions))
      ->type_name("fp32|fp16|bf16");
  auto* granularity = add_choice(app, "--recompute-granularity", written.recompute.granularity,
                                 "Activations computed again in the backward pass", kRecomputes);
  app.add_flag("--checkpoint-activations", written.checkpoint_activations, "As --recompute-granularity full")
      ->excludes(granularity);
  add_choice(app, "--recompute-method", written.recompute.method,
             "Full: every N layers keep an input, or the first N of a chunk", kRecomputeMethods);
  add_size(app, "--recompute-num-layers", written.recompute.layers, "N of --recompute-method");
  app.add_flag("--sequence-parallel", written.sequence_parallel, "Tensor ranks split the sequence too");
  app.add_flag("--use-distributed-optimizer", written.distributed_optimizer,
               "Replicas share out the optimizer states");
  add_choice(app, "--device", written.device, "Where it runs; cpu is fp32", kDevices);
  app.add_option("--tflops", written.teraflops, "Measured TFLOP/s of a process, for the time")
      ->type_name("X");
  auto* iterations = add_size(app, "--train-iters", written.train_iterations, "Steps to train");
  auto* samples =
      add_size(app, "--train-samples", written.train_samples, "Samples to train over")->excludes(iterations);
  app.add_option("--tokens", written.tokens, "Tokens to train over: 300e9, 300B")
      ->type_name("T")
      ->excludes(iterations)
      ->excludes(samples);
}

void add_time(CLI::App& app, Written& written) {
  app.add_option("--tokens", written.tokens, "Tokens to train over: 300e9, 300B")->required()->type_name("T");
  app.add_option("--parameters", written.parameters, "Parameters: 175e9, 175B; or give the model's shape")
      ->type_name("P");
  add_shape_options(app, written, false);
  app.add_option("--gpus", written.gpus, "How many GPUs, or processes")->required()->type_name("N");
  app.add_option("--tflops", written.teraflops, "Measured TFLOP/s of each")->required()->type_name("X");
  app.add_flag("--recompute,--checkpoint-activations", written.checkpoint_activations,
               "The forward pass is computed again in full: 8TP/(nX) in place of 6TP/(nX)");
}

double scaled_or_throw(const std::string& option, const std::string& text) {
  const auto value = scaled_number(text);
  if (!value)
    throw cli::UsageError(option + " " + text +
                          ": not a positive number; write 300e9, 300B or 124M, for instance");
  return *value;
}

void check_divides(std::int64_t whole, const std::string& whole_name, std::int64_t part,
                   const std::string& part_name) {
  if (whole % part != 0)
    throw cli::UsageError(whole_name + " " + std::to_string(whole) + " is no multiple of " + part_name + " " +
                          std::to_string(part));
}

// Beyond it, bytes of the model could not be counted.
void check_parameters(const cost::ModelShape& shape) {
  constexpr double kMost = 1e17;
  const auto h = static_cast<double>(shape.hidden);
  const auto heads = static_cast<double>(shape.heads);
  const double block =
      h * (4 * heads * static_cast<double>(shape.head_size()) + 2 * static_cast<double>(shape.mlp_size()));
  const double all =
      static_cast<double>(shape.layers) * block + h * static_cast<double>(shape.vocabulary + shape.positions);
  if (all > kMost) throw cli::UsageError("the model would have more than 1e17 parameters: check its sizes");
}

cost::ModelShape shape_or_throw(const Written& written) {
  cost::ModelShape shape = written.shape;
  if (shape.positions == 0) shape.positions = written.sequence;
  if (written.sequence > shape.positions)
    throw cli::UsageError("--seq-length " + std::to_string(written.sequence) +
                          " is more than --max-position-embeddings " + std::to_string(shape.positions));
  if (shape.kv_channels == 0)
    check_divides(shape.hidden, "--hidden-size", shape.heads, "--num-attention-heads");
  check_parameters(shape);
  return shape;
}

cost::Layout layout_or_throw(const Written& written, const cost::ModelShape& shape) {
  cost::Layout layout = written.layout;
  const std::int64_t model_size = layout.tensor * layout.pipeline;
  if (written.world_size != 0) {
    check_divides(written.world_size, "--world-size", model_size, "tensor x pipeline parallel size");
    layout.data = written.world_size / model_size;
  }
  check_divides(shape.heads, "--num-attention-heads", layout.tensor, "--tensor-model-parallel-size");
  check_divides(shape.mlp_size(), "the MLP's width", layout.tensor, "--tensor-model-parallel-size");
  check_divides(shape.layers, "--num-layers", layout.pipeline, "--pipeline-model-parallel-size");
  if (written.layers_per_virtual_stage != 0) {
    const std::int64_t stage_layers = shape.layers / layout.pipeline;
    check_divides(stage_layers, "the layers of a stage,", written.layers_per_virtual_stage,
                  "--num-layers-per-virtual-pipeline-stage");
    layout.virtual_stages = stage_layers / written.layers_per_virtual_stage;
    if (layout.pipeline == 1)
      throw cli::UsageError(
          "--num-layers-per-virtual-pipeline-stage needs --pipeline-model-parallel-size 2 or more");
  }
  if (written.sequence_parallel) layout.sequence = cost::Sequence::parallel;
  if (written.distributed_optimizer) layout.optimizer = cost::OptimizerStates::sharded;
  return layout;
}

cost::Batch batch_or_throw(const Written& written, const cost::Layout& layout) {
  cost::Batch batch = {written.sequence, written.micro_batch, written.global_batch};
  const std::int64_t round = batch.micro_batch * layout.data;
  if (batch.global_batch == 0) batch.global_batch = round;
  if (batch.global_batch > kLargest)
    throw cli::UsageError("a step of " + std::to_string(batch.global_batch) + " samples is more than " +
                          std::to_string(kLargest) + ": check --micro-batch-size and the number of replicas");
  check_divides(batch.global_batch, "--global-batch-size", round, "micro batch x replicas,");
  if (layout.virtual_stages > 1)
    check_divides(cost::micro_batches(batch, layout), "the micro batches of a step,", layout.pipeline,
                  "--pipeline-model-parallel-size (as the interleaved schedule needs)");
  return batch;
}

ModelTask model_task(const Written& written) {
  ModelTask task;
  task.shape = shape_or_throw(written);
  task.layout = layout_or_throw(written, task.shape);
  task.batch = batch_or_throw(written, task.layout);
  task.vocabulary_multiple = written.vocabulary_multiple;
  task.device = written.device;
  const bool cpu = task.device == Device::cpu;
  task.precision = written.precision.value_or(cpu ? cost::Precision::fp32 : cost::Precision::bf16);
  if (cpu && task.precision != cost::Precision::fp32)
    throw cli::UsageError("--device cpu computes in fp32: leave --precision out");
  task.recompute = written.recompute;
  if (written.checkpoint_activations) task.recompute.granularity = cost::Recompute::full;
  if (!written.teraflops.empty())
    task.flops_per_process = 1e12 * scaled_or_throw("--tflops", written.teraflops);
  const auto step_tokens = static_cast<double>(task.batch.tokens());
  if (!written.tokens.empty()) task.tokens = scaled_or_throw("--tokens", written.tokens);
  if (written.train_iterations != 0)
    task.tokens = step_tokens * static_cast<double>(written.train_iterations);
  if (written.train_samples != 0)
    task.tokens = static_cast<double>(written.train_samples) * static_cast<double>(task.batch.sequence);
  if (task.tokens && !task.flops_per_process)
    throw cli::UsageError("how long training takes needs --tflops, the measured TFLOP/s of a process");
  return task;
}

TimeTask time_task(const Written& written) {
  TimeTask task;
  task.tokens = scaled_or_throw("--tokens", written.tokens);
  task.processes = scaled_or_throw("--gpus", written.gpus);
  task.flops_per_process = 1e12 * scaled_or_throw("--tflops", written.teraflops);
  task.recompute = written.checkpoint_activations ? cost::Recompute::full : cost::Recompute::none;
  const cost::ModelShape& shape = written.shape;
  const bool any_shape = shape.layers != 0 || shape.hidden != 0 || shape.heads != 0 || written.sequence != 0;
  const bool whole_shape =
      shape.layers != 0 && shape.hidden != 0 && shape.heads != 0 && written.sequence != 0;
  if (written.parameters.empty() == !any_shape)
    throw cli::UsageError("give either --parameters or the model's shape (--num-layers and so on)");
  if (any_shape && !whole_shape)
    throw cli::UsageError(
        "a shape needs --num-layers, --hidden-size, --num-attention-heads and --seq-length");
  task.parameters = any_shape ? cost::parameter_formula(shape_or_throw(written))
                              : scaled_or_throw("--parameters", written.parameters);
  return task;
}

constexpr const char* kExamples =
    "  gpt-estimate model --num-layers 12 --hidden-size 768 --num-attention-heads 12 --seq-length 1024\n"
    "  gpt-estimate time --tokens 300B --parameters 175B --gpus 1024 --tflops 140 --recompute\n"
    "  gpt-estimate tables scaling times --format markdown\n";

}  // namespace

Options parse_options(int argc, const char* const* argv) {
  cli::Command command("gpt-estimate", "What a GPT costs to train: parameters, operations, memory, time",
                       kExamples);
  CLI::App& app = command.app();
  Written written;
  app.require_subcommand(1);
  auto* model = app.add_subcommand("model", "Size, operations, memory and traffic of a model and a layout");
  auto* time = app.add_subcommand("time", "How long a training run takes");
  auto* tables = app.add_subcommand("tables", "Published figures, and the same computed");
  add_model(*model, written);
  add_time(*time, written);
  tables->add_option("names", written.tables, "Which tables; all by default")
      ->check(CLI::IsMember(published_table_names()))
      ->type_name("NAME");
  for (CLI::App* subcommand : {model, time, tables}) subcommand->fallthrough();
  add_choice(app, "--format", written.format, "How to print", kFormats);
  app.add_option("-o,--output", written.output, "Where to; '-' is stdout")->type_name("FILE");

  Options options;
  options.common = command.parse(argc, argv);
  options.format = written.format;
  options.output = written.output;
  if (model->parsed())
    options.task = model_task(written);
  else if (time->parsed())
    options.task = time_task(written);
  else
    options.task = TablesTask{written.tables};
  return options;
}

}  // namespace gpt::estimate
