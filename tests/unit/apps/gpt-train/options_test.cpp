#include "apps/gpt-train/options.hpp"

#include <doctest/doctest.h>

#include "libcommon/cli/errors.hpp"

using namespace gpt;
using Words = std::vector<const char*>;

namespace {

train_tool::Options parse(Words extra) {
  Words words = {"gpt-train", "--data-path",        "d",  "--vocab-file",
                 "v",         "--merge-file",       "m",  "--num-layers",
                 "2",         "--hidden-size",      "32", "--num-attention-heads",
                 "4",         "--seq-length",       "16", "--max-position-embeddings",
                 "16",        "--micro-batch-size", "4",  "--lr",
                 "1e-3"};
  words.insert(words.end(), extra.begin(), extra.end());
  return train_tool::parse_options(static_cast<int>(words.size()), words.data());
}

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
