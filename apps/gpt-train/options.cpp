#include "apps/gpt-train/options.hpp"

#include <cmath>
#include <utility>

#include <CLI/CLI.hpp>

#include "libcommon/cli/errors.hpp"
#include "libcommon/cli/number_range.hpp"

namespace gpt::train_tool {
namespace {

constexpr const char* kExamples =
    "  gpt-train --data-path data_text_document --vocab-file vocab/vocab.json --merge-file vocab/merges.txt "
    "\\\n"
    "    --num-layers 6 --hidden-size 256 --num-attention-heads 4 --seq-length 128 \\\n"
    "    --max-position-embeddings 128 --micro-batch-size 8 --train-iters 1000 --lr 1e-3 --save model\n"
    "  gpt-train ... --load gpt2 --finetune --save tuned   (start from a Hugging Face GPT-2)\n";

// Counts below it can be multiplied by the tokens of a sample within 64 bits.
constexpr std::int64_t kLargest = std::int64_t{1} << 42;

// The command line as it was written, before it makes sense as a whole.
struct Written {
  Options options;
  std::int64_t global_batch = 0;
  std::int64_t train_iterations = 0;
  std::int64_t train_samples = 0;
  std::string decay_style = "linear";
  std::int64_t decay_iterations = 0;
  std::int64_t decay_samples = 0;
  double warmup_fraction = 0;
  std::int64_t warmup_iterations = 0;
  std::int64_t warmup_samples = 0;
  bool finetune = false;
  bool no_load_optimizer = false;
  bool no_save_optimizer = false;
  bool fp16 = false;
  bool bf16 = false;
  int precision = 32;
  std::vector<std::string> refused_values;
  std::vector<std::pair<const CLI::Option*, const char*>> refused;
  std::map<std::string, std::int64_t> parallel_sizes;
  std::vector<std::pair<const CLI::Option*, std::string>> ignored;
  std::string ignored_value;
};

CLI::Option* add_size(CLI::App& app, const std::string& name, std::int64_t& value, const std::string& help,
                      std::int64_t least = 1) {
  return app.add_option(name, value, help)->check(CLI::Range(least, kLargest))->type_name("N");
}

CLI::Option* add_number(CLI::App& app, const std::string& name, double& value, const std::string& help,
                        double least, double most) {
  return app.add_option(name, value, help)->check(cli::number_range(least, most))->type_name("X");
}

CLI::Option* add_paths(CLI::App& app, const std::string& name, std::vector<std::string>& paths,
                       const std::string& help) {
  return app.add_option(name, paths, help)
      ->multi_option_policy(CLI::MultiOptionPolicy::TakeAll)
      ->type_name("[WEIGHT] PREFIX ...");
}

void add_data_options(CLI::App& app, Written& w) {
  DataOptions& data = w.options.data;
  auto* all =
      add_paths(app, "--data-path", data.paths, "Dataset without .bin/.idx; several: a weight before each");
  add_paths(app, "--train-data-path", data.part_paths[0], "Dataset to train on, in place of --data-path")
      ->excludes(all);
  add_paths(app, "--valid-data-path", data.part_paths[1], "Dataset to evaluate on")->excludes(all);
  add_paths(app, "--test-data-path", data.part_paths[2], "Dataset to evaluate on at the end")->excludes(all);
  app.add_option("--split", data.split, "Parts of --data-path to train, evaluate and test on")
      ->capture_default_str()
      ->type_name("A,B,C");
  app.add_option("--vocab-file", data.vocab_file, "vocab.json of the data; kept with each checkpoint")
      ->type_name("FILE");
  app.add_option("--merge-file", data.merge_file, "merges.txt of the data; kept with each checkpoint")
      ->type_name("FILE");
  app.add_option("--data-cache-path", data.cache_folder, "Folder to keep the sample indices in between runs")
      ->type_name("FOLDER");
  add_size(app, "--seq-length", data.sequence_length, "Tokens of a sample")->required();
  train::DocumentRules& rules = w.options.train.documents;
  app.add_flag("--reset-position-ids", rules.reset_position_ids, "Positions start anew in each document");
  app.add_flag("--reset-attention-mask", rules.reset_attention_mask, "A token sees its own document alone");
  app.add_flag("--eod-mask-loss", rules.mask_end_of_document,
               "What follows a document's end is not predicted");
}

void add_model_options(CLI::App& app, Written& w) {
  model::ModelConfig& model = w.options.model;
  add_size(app, "--num-layers", model.shape.layers, "Transformer blocks");
  add_size(app, "--hidden-size", model.shape.hidden, "Width of a block");
  add_size(app, "--num-attention-heads", model.shape.heads, "Attention heads");
  add_size(app, "--max-position-embeddings", model.shape.positions, "Longest sequence the model can take");
  add_size(app, "--ffn-hidden-size", model.shape.ffn_hidden, "Width of the MLP; default 4 x hidden size");
  add_size(app, "--kv-channels", model.shape.kv_channels, "Width of a head; default hidden size / heads");
  app.add_option("--layernorm-epsilon", w.options.layernorm_epsilon,
                 "Epsilon of the LayerNorms; default that of --load, else 1e-5")
      ->check(cli::number_range(0, 1))
      ->type_name("X");
  add_number(app, "--attention-dropout", model.attention_dropout, "Dropout of attention", 0, 0.999)
      ->capture_default_str();
  add_number(app, "--hidden-dropout", model.hidden_dropout, "Dropout of the hidden states", 0, 0.999)
      ->capture_default_str();
  add_number(app, "--init-method-std", model.init_method_std, "Standard deviation of the first weights", 0,
             100)
      ->capture_default_str();
}

void add_batch_options(CLI::App& app, Written& w) {
  train::TrainConfig& train = w.options.train;
  add_size(app, "--micro-batch-size", train.micro_batch_size, "Samples that pass through the model at once")
      ->required();
  add_size(app, "--global-batch-size", w.global_batch, "Samples of a step; default one micro batch");
  auto* iterations = add_size(app, "--train-iters", w.train_iterations, "Steps to train");
  add_size(app, "--train-samples", w.train_samples, "Samples to train over")->excludes(iterations);
  app.add_option("--exit-interval", train.stop.exit_interval, "Save and stop after a step that this divides")
      ->check(CLI::Range(std::int64_t{1}, kLargest))
      ->type_name("N");
  add_number(app, "--exit-duration-in-mins", train.stop.exit_duration_minutes,
             "Save and stop after so many minutes", 0, 1e9);
}

void add_optimizer_options(CLI::App& app, Written& w) {
  train::TrainConfig& train = w.options.train;
  add_number(app, "--lr", train.schedule.maximum, "Learning rate", 0, 1e6)->required();
  add_number(app, "--min-lr", train.schedule.minimum, "Learning rate after its decay", 0, 1e6)
      ->capture_default_str();
  app.add_option("--lr-decay-style", w.decay_style, "How the learning rate falls")
      ->check(CLI::IsMember({"constant", "linear", "cosine"}))
      ->capture_default_str();
  auto* decay = add_size(app, "--lr-decay-iters", w.decay_iterations, "Steps to decay over; default all");
  add_size(app, "--lr-decay-samples", w.decay_samples, "Samples to decay over; default all")->excludes(decay);
  auto* fraction = add_number(app, "--lr-warmup-fraction", w.warmup_fraction,
                              "Part of the decay's length to warm up over", 0, 1);
  auto* warmup = add_size(app, "--lr-warmup-iters", w.warmup_iterations, "Steps to warm up over", 0);
  warmup->excludes(fraction);
  add_size(app, "--lr-warmup-samples", w.warmup_samples, "Samples to warm up over", 0)
      ->excludes(fraction)
      ->excludes(warmup);
  add_number(app, "--weight-decay", train.optimizer.weight_decay, "AdamW's weight decay", 0, 1e3)
      ->capture_default_str();
  add_number(app, "--clip-grad", train.clip_grad, "Largest gradient norm; 0 never clips", 0, 1e9)
      ->capture_default_str();
  add_number(app, "--adam-beta1", train.optimizer.beta1, "AdamW's first moment", 0, 0.999999)
      ->capture_default_str();
  add_number(app, "--adam-beta2", train.optimizer.beta2, "AdamW's second moment", 0, 0.99999999)
      ->capture_default_str();
  add_number(app, "--adam-eps", train.optimizer.epsilon, "AdamW's epsilon", 0, 1)->capture_default_str();
}

void add_run_options(CLI::App& app, Written& w) {
  Options& options = w.options;
  app.add_option("--save", options.save, "Folder for checkpoints; a run it holds is gone on with")
      ->type_name("FOLDER");
  app.add_option("--load", options.load, "Checkpoint folder, or Hugging Face GPT-2, to start from")
      ->type_name("FOLDER");
  add_size(app, "--save-interval", options.save_interval,
           "Steps between checkpoints; default only at the end");
  app.add_option("--keep-last", options.keep_last, "Checkpoints to keep; default all")
      ->check(CLI::Range(1, 1 << 30))
      ->type_name("N");
  app.add_flag("--finetune", w.finetune, "Take only the weights of --load; train from the first step");
  app.add_flag("--no-load-optim", w.no_load_optimizer, "Start the optimizer's state anew");
  app.add_flag("--no-save-optim", w.no_save_optimizer, "Leave the optimizer's state out of checkpoints");
  add_size(app, "--eval-interval", options.train.eval_interval,
           "Steps between evaluations; 0: only at the end", 0)
      ->capture_default_str();
  add_size(app, "--eval-iters", options.train.eval_iterations, "Steps of an evaluation; 0: none", 0)
      ->capture_default_str();
  add_size(app, "--log-interval", options.log_interval, "Steps between log lines")->capture_default_str();
  app.add_option("--metrics", options.metrics, "Write a JSON object a step")->type_name("FILE.jsonl");
}

constexpr const char* kOfScripts = "Accepted for the sake of scripts";

// Megatron's options that would change what a run does, if they were passed over.
void add_refused_options(CLI::App& app, Written& w) {
  const char* activations = "all activations are kept; a smaller --micro-batch-size takes less memory";
  const std::pair<const char*, const char*> options[] = {
      {"--rampup-batch-size", "the batch size is constant; leave it out"},
      {"--checkpoint-activations", activations},
      {"--checkpoint-num-layers", activations},
      {"--recompute-granularity", activations},
      {"--recompute-method", activations},
      {"--recompute-num-layers", activations},
      {"--num-layers-per-virtual-pipeline-stage", "this run has one process, and so one pipeline stage"},
      {"--use-checkpoint-lr-scheduler", "the learning rate follows the command line; leave it out"},
      {"--tensorboard-dir", "no TensorBoard files are written; --metrics FILE.jsonl has an object a step"}};
  for (const auto& [name, reason] : options) {
    w.refused.emplace_back(app.add_option(name, w.refused_values)->expected(0, 3)->group(""), reason);
  }
}

// Megatron's options for what one process on a CPU has only one of.
void add_fixed_options(CLI::App& app, Written& w) {
  app.add_flag("--fp16", w.fp16)->group("");
  app.add_flag("--bf16", w.bf16)->group("");
  app.add_option("--fp16-precision", w.precision, "Bits of a number: 32")->group(kOfScripts)->type_name("N");
  const std::pair<const char*, const char*> sizes[] = {
      {"tensor", "--tensor-model-parallel-size,--tensor-parallel-size"},
      {"pipeline", "--pipeline-model-parallel-size,--pipeline-parallel-size"}};
  for (const auto& [name, flags] : sizes) {
    w.parallel_sizes[name] = 1;
    add_size(app, flags, w.parallel_sizes[name], std::string("Size of the ") + name + " parallel group: 1");
  }
  app.add_option("--tokenizer-type", w.ignored_value, "Kind of the vocabulary")
      ->check(CLI::IsMember({"GPT2BPETokenizer"}))
      ->group(kOfScripts);
  app.add_option("--data-impl", w.ignored_value, "Format of the dataset")
      ->check(CLI::IsMember({"mmap", "infer"}))
      ->group(kOfScripts);
  for (const char* name :
       {"--distributed-backend", "--DDP-impl", "--num-workers", "--make-vocab-size-divisible-by",
        "--loss-scale", "--initial-loss-scale", "--min-loss-scale", "--loss-scale-window", "--hysteresis"}) {
    w.ignored.emplace_back(app.add_option(name, w.ignored_value)->group(""), name);
  }
  for (const char* name : {"--no-load-rng", "--no-save-rng", "--override-lr-scheduler", "--sequence-parallel",
                           "--use-distributed-optimizer"}) {
    w.ignored.emplace_back(app.add_flag(name)->group(""), name);
  }
}

void check_fixed_or_throw(const Written& w) {
  if (w.fp16 || w.bf16 || w.precision != 32) {
    throw cli::UsageError(std::string(w.bf16 ? "--bf16" : "--fp16") +
                          ": training on the CPU is in fp32; leave it out");
  }
  for (const auto& [option, reason] : w.refused) {
    if (option->count() != 0) throw cli::UsageError("--" + option->get_lnames().front() + ": " + reason);
  }
  for (const auto& [name, size] : w.parallel_sizes) {
    if (size == 1) continue;
    throw cli::UsageError("--" + name + "-model-parallel-size " + std::to_string(size) +
                          ": this run has one process; the only possible size is 1");
  }
}

void check_data_or_throw(const Options& options) {
  const DataOptions& data = options.data;
  if (data.paths.empty() && data.part_paths[0].empty()) {
    throw cli::UsageError("--data-path (or --train-data-path) is needed: the dataset to train on");
  }
  if (data.vocab_file.has_value() != data.merge_file.has_value()) {
    throw cli::UsageError("--vocab-file and --merge-file belong together: give both");
  }
  if (!data.vocab_file && !options.load) {
    throw cli::UsageError("--vocab-file and --merge-file are needed: those the dataset was made with");
  }
}

void check_shape_or_throw(const Options& options) {
  const cost::ModelShape& shape = options.model.shape;
  const std::pair<const char*, std::int64_t> sizes[] = {{"--num-layers", shape.layers},
                                                        {"--hidden-size", shape.hidden},
                                                        {"--num-attention-heads", shape.heads},
                                                        {"--max-position-embeddings", shape.positions}};
  for (const auto& [name, size] : sizes) {
    if (size == 0 && !options.load) {
      throw cli::UsageError(std::string(name) + " is needed unless --load gives a model");
    }
  }
  if (shape.positions != 0 && options.data.sequence_length > shape.positions) {
    throw cli::UsageError("--seq-length " + std::to_string(options.data.sequence_length) +
                          " is more than --max-position-embeddings " + std::to_string(shape.positions));
  }
  if (shape.layers == 0 || shape.hidden == 0 || shape.heads == 0 || shape.positions == 0) return;
  model::ModelConfig with_vocabulary = options.model;
  with_vocabulary.shape.vocabulary = 1;
  try {
    model::check_config_or_throw(with_vocabulary);
  } catch (const model::ConfigError& error) {
    throw cli::UsageError(error.what());
  }
}

// Steps are turned into samples, and those into tokens.
void check_product_or_throw(const char* name, std::int64_t steps, std::int64_t batch) {
  if (steps <= kLargest / batch) return;
  throw cli::UsageError(std::string(name) + " " + std::to_string(steps) + " times --global-batch-size " +
                        std::to_string(batch) + " is more than the 2^42 samples that a run can have");
}

void settle_batch_or_throw(Written& w) {
  train::TrainConfig& train = w.options.train;
  train.global_batch_size = w.global_batch != 0 ? w.global_batch : train.micro_batch_size;
  if (train.global_batch_size % train.micro_batch_size != 0) {
    throw cli::UsageError("--global-batch-size " + std::to_string(train.global_batch_size) +
                          " is no multiple of --micro-batch-size " + std::to_string(train.micro_batch_size));
  }
  if (w.train_iterations == 0 && w.train_samples == 0) {
    throw cli::UsageError("--train-iters or --train-samples is needed: how long to train");
  }
  train.train_iterations =
      w.train_iterations != 0 ? w.train_iterations : w.train_samples / train.global_batch_size;
  if (train.train_iterations == 0) {
    throw cli::UsageError("--train-samples " + std::to_string(w.train_samples) +
                          " is less than one step of --global-batch-size " +
                          std::to_string(train.global_batch_size));
  }
  check_product_or_throw("--train-iters", train.train_iterations, train.global_batch_size);
}

void settle_schedule_or_throw(Written& w) {
  train::TrainConfig& train = w.options.train;
  optim::LearningRateSchedule& schedule = train.schedule;
  const std::int64_t batch = train.global_batch_size;
  schedule.style = w.decay_style == "constant" ? optim::DecayStyle::constant
                   : w.decay_style == "cosine" ? optim::DecayStyle::cosine
                                               : optim::DecayStyle::linear;
  check_product_or_throw("--lr-decay-iters", w.decay_iterations, batch);
  check_product_or_throw("--lr-warmup-iters", w.warmup_iterations, batch);
  const std::int64_t all = w.train_samples != 0 ? w.train_samples : train.train_iterations * batch;
  schedule.decay_samples = w.decay_samples != 0      ? w.decay_samples
                           : w.decay_iterations != 0 ? w.decay_iterations * batch
                                                     : all;
  if (w.warmup_fraction > 0) {
    schedule.warmup_samples = w.warmup_fraction * static_cast<double>(schedule.decay_samples);
  } else {
    schedule.warmup_samples =
        static_cast<double>(w.warmup_samples != 0 ? w.warmup_samples : w.warmup_iterations * batch);
  }
  if (schedule.minimum > schedule.maximum) throw cli::UsageError("--min-lr is more than --lr");
  if (schedule.style != optim::DecayStyle::constant &&
      schedule.warmup_samples >= static_cast<double>(schedule.decay_samples)) {
    throw cli::UsageError("the learning rate warms up over " +
                          std::to_string(static_cast<std::int64_t>(schedule.warmup_samples)) +
                          " samples but decays over " + std::to_string(schedule.decay_samples) +
                          ": shorten --lr-warmup-iters, or train longer");
  }
}

void settle_run_or_throw(Written& w) {
  Options& options = w.options;
  if (w.finetune && !options.load)
    throw cli::UsageError("--finetune needs --load: the weights to start from");
  if (w.finetune) {
    options.load_mode = LoadMode::finetune;
  } else if (w.no_load_optimizer) {
    options.load_mode = LoadMode::go_on_without_optimizer;
  }
  if (w.no_save_optimizer) options.save_optimizer = train::SavePlan::Optimizer::leave_out;
  if (options.save_interval != 0 && !options.save) {
    throw cli::UsageError("--save-interval needs --save: the folder for checkpoints");
  }
  if (options.common.seed > UINT32_MAX) {
    throw cli::UsageError("--seed " + std::to_string(options.common.seed) +
                          " is more than 4294967295, the largest that sample shuffling takes");
  }
  options.train.seed = options.common.seed;
  for (const auto& [option, name] : w.ignored) {
    if (option->count() != 0) options.without_effect.push_back(name);
  }
}

}  // namespace

Options parse_options(int argc, const char* const* argv) {
  cli::Command command("gpt-train", "Train a GPT-2 on token ids, with Megatron's arguments", kExamples);
  Written written;
  CLI::App& app = command.app();
  add_data_options(app, written);
  add_model_options(app, written);
  add_batch_options(app, written);
  add_optimizer_options(app, written);
  add_run_options(app, written);
  add_fixed_options(app, written);
  add_refused_options(app, written);
  written.options.common = command.parse(argc, argv);
  check_fixed_or_throw(written);
  check_data_or_throw(written.options);
  check_shape_or_throw(written.options);
  settle_batch_or_throw(written);
  settle_schedule_or_throw(written);
  settle_run_or_throw(written);
  return written.options;
}

}  // namespace gpt::train_tool
