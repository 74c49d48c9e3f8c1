#include "apps/gpt-train/options.hpp"

#include <string>

#include <doctest/doctest.h>

#include "apps/gpt-train/settle.hpp"
#include "libcommon/cli/errors.hpp"

using namespace gpt;
using Words = std::vector<const char*>;

namespace {

train_tool::Options parse_only(Words extra) {
  Words words = {"gpt-train", "--data-path",        "d",  "--vocab-file",
                 "v",         "--merge-file",       "m",  "--num-layers",
                 "2",         "--hidden-size",      "32", "--num-attention-heads",
                 "4",         "--seq-length",       "16", "--max-position-embeddings",
                 "16",        "--micro-batch-size", "4",  "--lr",
                 "1e-3"};
  words.insert(words.end(), extra.begin(), extra.end());
  return train_tool::parse_options(static_cast<int>(words.size()), words.data());
}

// As a run of so many ranks sees them.
train_tool::Options parse(Words extra, std::int64_t ranks = 1) {
  return train_tool::settled_or_throw(parse_only(std::move(extra)), ranks);
}

// The layout of a model of 8 layers, 4 heads, 32 wide.
cost::Layout layout(Words extra, std::int64_t ranks) {
  for (const char* word : {"--num-layers", "8", "--train-iters", "10"}) extra.push_back(word);
  const auto options = parse(std::move(extra), ranks);
  return train_tool::layout_of_model_or_throw(options, options.model.shape);
}

std::string refusal(Words extra, std::int64_t ranks) {
  try {
    layout(std::move(extra), ranks);
  } catch (const cli::UsageError& error) {
    return error.what();
  }
  return "none";
}

bool says(const std::string& text, const char* part) { return text.find(part) != std::string::npos; }

}  // namespace

TEST_CASE("defaults are Megatron's") {
  const auto options = parse({"--train-iters", "10"});
  CHECK(options.train.global_batch_size == 4);
  CHECK(options.train.clip_grad == 1.0);
  CHECK(options.train.optimizer.weight_decay == 0.01);
  CHECK(options.train.optimizer.beta2 == 0.999);
  CHECK(options.train.eval_interval == 1000);
  CHECK(options.train.eval_iterations == 100);
  CHECK(options.model.attention_dropout == 0.1);
  CHECK(options.model.layernorm_epsilon == 1e-5);
  CHECK(!options.layernorm_epsilon);
  CHECK(options.log_interval == 100);
  CHECK(options.data.split == "969,30,1");
  CHECK(options.train.seed == 1234);
  CHECK(options.train.schedule.style == optim::DecayStyle::linear);
  CHECK(options.train.schedule.warmup_samples == 0);
  CHECK(options.train.schedule.decay_samples == 40);
}

TEST_CASE("lengths of the schedule are counted in samples, however they are given") {
  auto options = parse({"--train-samples", "170", "--global-batch-size", "8", "--lr-warmup-fraction", "0.1"});
  CHECK(options.train.train_iterations == 21);
  CHECK(options.train.schedule.decay_samples == 170);
  CHECK(options.train.schedule.warmup_samples == 17);

  options = parse({"--train-iters", "100", "--lr-decay-iters", "80", "--lr-warmup-iters", "5"});
  CHECK(options.train.schedule.decay_samples == 320);
  CHECK(options.train.schedule.warmup_samples == 20);

  options = parse({"--train-iters", "100", "--lr-decay-samples", "50", "--lr-warmup-samples", "7"});
  CHECK(options.train.schedule.decay_samples == 50);
  CHECK(options.train.schedule.warmup_samples == 7);
}

TEST_CASE("datasets are blended by weight, or given by part") {
  const auto blend = parse({"--train-iters", "1", "--split", "90,10"});
  CHECK(blend.data.paths == std::vector<std::string>{"d"});
  CHECK(blend.data.split == "90,10");
  const Words parts = {"gpt-train",
                       "--train_data_path",
                       "0.3",
                       "a",
                       "0.7",
                       "b",
                       "--valid-data-path",
                       "c",
                       "--load",
                       "model",
                       "--seq-length",
                       "16",
                       "--micro-batch-size",
                       "1",
                       "--train-iters",
                       "1",
                       "--lr",
                       "1"};
  const auto options = train_tool::parse_options(static_cast<int>(parts.size()), parts.data());
  CHECK(options.data.part_paths[0] == std::vector<std::string>{"0.3", "a", "0.7", "b"});
  CHECK(options.data.part_paths[1] == std::vector<std::string>{"c"});
  CHECK(options.load_mode == train_tool::LoadMode::go_on);
}

TEST_CASE("what a loaded checkpoint is for") {
  CHECK(parse({"--train-iters", "1", "--load", "x", "--finetune"}).load_mode ==
        train_tool::LoadMode::finetune);
  CHECK(parse({"--train-iters", "1", "--no-load-optim"}).load_mode ==
        train_tool::LoadMode::go_on_without_optimizer);
  CHECK_THROWS_AS(parse({"--train-iters", "1", "--finetune"}), cli::UsageError);
  CHECK_THROWS_AS(parse({"--train-iters", "1", "--train-samples", "4"}), cli::UsageError);
  CHECK_THROWS_AS(parse({}), cli::UsageError);
}

TEST_CASE("the data-parallel size is what tensor and pipeline leave of the ranks") {
  const auto pipeline =
      layout({"--tensor-model-parallel-size", "2", "--pipeline-model-parallel-size", "4"}, 16);
  CHECK(pipeline.tensor == 2);
  CHECK(pipeline.pipeline == 4);
  CHECK(pipeline.data == 2);
  CHECK(pipeline.virtual_stages == 1);
  const auto other_spelling = layout({"--tensor-parallel-size", "2", "--pipeline_parallel_size", "4"}, 16);
  CHECK(other_spelling.data == 2);
  const auto shared =
      layout({"--tensor-parallel-size", "4", "--sequence-parallel", "--use-distributed-optimizer"}, 8);
  CHECK(shared.sequence == cost::Sequence::parallel);
  CHECK(shared.optimizer == cost::OptimizerStates::sharded);
  CHECK(parse({"--train-iters", "10"}, 3).train.global_batch_size == 12);
}

TEST_CASE("virtual stages follow from their layers") {
  CHECK(layout({"--pipeline-parallel-size", "2", "--num-layers-per-virtual-pipeline-stage", "2",
                "--global-batch-size", "16"},
               2)
            .virtual_stages == 2);
  CHECK(layout({"--pipeline-parallel-size", "2", "--num-layers-per-virtual-pipeline-stage", "4"}, 2)
            .virtual_stages == 1);
}

TEST_CASE("a wrong layout is answered with a right one") {
  CHECK(says(refusal({"--tensor-parallel-size", "3"}, 3), "possible sizes are 1, 2, 4"));
  CHECK(says(refusal({"--pipeline-parallel-size", "3"}, 3), "possible sizes are 1, 2, 4, 8"));
  CHECK(says(refusal({"--tensor-parallel-size", "2", "--pipeline-parallel-size", "2"}, 6), "start 4 and 8"));
  CHECK(says(refusal({"--tensor-parallel-size", "2"}, 1), "there is 1: start 2"));
  CHECK(says(refusal({"--global-batch-size", "20"}, 2), "nearest that fit are 16 and 24"));
  CHECK(says(refusal({"--pipeline-parallel-size", "2", "--num-layers-per-virtual-pipeline-stage", "3"}, 2),
             "possible are 1, 2, 4"));
  CHECK(
      says(refusal({"--num-layers-per-virtual-pipeline-stage", "2"}, 2), "--pipeline-model-parallel-size 2"));
  CHECK(says(refusal({"--pipeline-parallel-size", "2", "--num-layers-per-virtual-pipeline-stage", "1",
                      "--global-batch-size", "12"},
                     2),
             "is 3 of them: the batch sizes nearest that fit are 8 and 16"));
  CHECK(says(refusal({"--sequence-parallel"}, 2), "--tensor-model-parallel-size 2 or more"));
  CHECK(says(refusal({"--recompute-granularity", "full", "--recompute-num-layers", "9"}, 1), "pass 1 to 8"));
}

TEST_CASE("which activations are computed again") {
  using Method = cost::RecomputeConfig::Method;
  CHECK(parse({"--train-iters", "1"}).recompute.granularity == cost::Recompute::none);
  CHECK(parse({"--train-iters", "1", "--recompute-granularity", "selective"}).recompute.granularity ==
        cost::Recompute::selective);
  const auto block = parse({"--train-iters", "1", "--recompute-granularity", "full", "--recompute-method",
                            "block", "--recompute-num-layers", "2"});
  CHECK(block.recompute.method == Method::block);
  CHECK(block.recompute.layers == 2);
  const auto old = parse({"--train-iters", "1", "--checkpoint-activations", "--checkpoint-num-layers", "2"});
  CHECK(old.recompute.granularity == cost::Recompute::full);
  CHECK(old.recompute.method == Method::uniform);
  CHECK(old.recompute.layers == 2);
  CHECK_THROWS_AS(parse({"--train-iters", "1", "--recompute-method", "block"}), cli::UsageError);
  CHECK_THROWS_AS(
      parse({"--train-iters", "1", "--recompute-granularity", "selective", "--recompute-num-layers", "2"}),
      cli::UsageError);
  CHECK_THROWS_AS(parse({"--train-iters", "1", "--checkpoint-num-layers", "2"}), cli::UsageError);
}

TEST_CASE("a ramp-up is counted in samples") {
  const auto options =
      parse({"--train-samples", "1000", "--rampup-batch-size", "4", "4", "120", "--global-batch-size", "16"});
  CHECK(options.lengths.ramp_up->start == 4);
  CHECK(options.lengths.ramp_up->increment == 4);
  CHECK(options.lengths.ramp_up->samples == 120);
  CHECK(options.train.train_iterations == 10 + 5 + 4 + 54);  // 4 x 10, 8 x 5, 12 x 4, 16 x 54
  CHECK(options.train.schedule.decay_samples == 1000);
  CHECK_THROWS_AS(
      parse({"--train-iters", "10", "--rampup-batch-size", "4", "4", "120", "--global-batch-size", "16"}),
      cli::UsageError);
  CHECK_THROWS_AS(
      parse({"--train-samples", "1000", "--rampup-batch-size", "4", "8", "120", "--global-batch-size", "16"}),
      cli::UsageError);
  CHECK_THROWS_AS(parse({"--train-samples", "1000", "--rampup-batch-size", "4", "4", "120"}),
                  cli::UsageError);
}

TEST_CASE("what the user sees, and when to save") {
  CHECK(!parse({"--train-iters", "1"}).profile);
  CHECK(parse({"--train-iters", "1", "--profile"}).profile == "gpt-train-trace.json");
  CHECK(parse({"--train-iters", "1", "--profile", "t.json"}).profile == "t.json");
  CHECK(parse({"--train-iters", "1", "--tensorboard-dir", "logs"}).tensorboard_folder == "logs");
  CHECK(parse({"--train-iters", "1", "--peak-tflops", "312"}).peak_teraflops == 312.0);
  CHECK(parse({"--train-iters", "1", "--on-save-error", "continue"}).on_save_error ==
        train::SavePlan::OnError::go_on);
  CHECK(parse({"--train-iters", "1", "--use-checkpoint-lr-scheduler"}).schedule_on_resume ==
        train_tool::ScheduleOnResume::use_checkpoint);
  CHECK_THROWS_AS(parse({"--train-iters", "1", "--use-checkpoint-lr-scheduler", "--override-lr-scheduler"}),
                  cli::UsageError);
  CHECK(parse({"--print-layout", "--bf16"}).precision == cost::Precision::bf16);
  CHECK(parse({"--train-iters", "1", "--bf16"}).precision == cost::Precision::bf16);
  CHECK_THROWS_AS(parse({"--train-iters", "1", "--bf16", "--device", "cpu"}), cli::UsageError);
}
