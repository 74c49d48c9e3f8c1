#include "apps/gpt-estimate/options.hpp"

#include <doctest/doctest.h>

#include "libcommon/cli/errors.hpp"

using namespace gpt::estimate;
namespace cost = gpt::cost;

namespace {

Options parse(std::vector<const char*> arguments) {
  arguments.insert(arguments.begin(), "gpt-estimate");
  return parse_options(static_cast<int>(arguments.size()), arguments.data());
}

ModelTask parse_model(std::vector<const char*> more) {
  std::vector<const char*> arguments = {"model", "--num-layers",          "24", "--hidden-size",
                                        "1024",  "--num-attention-heads", "16", "--seq-length",
                                        "2048"};
  arguments.insert(arguments.end(), more.begin(), more.end());
  return std::get<ModelTask>(parse(arguments).task);
}

}  // namespace

TEST_CASE("a model's defaults are one process, one micro batch, bf16") {
  const ModelTask task = parse_model({});
  CHECK(task.shape.positions == 2048);
  CHECK(task.shape.vocabulary == 50257);
  CHECK(task.layout.processes() == 1);
  CHECK(task.batch.global_batch == 1);
  CHECK(task.precision == cost::Precision::bf16);
  CHECK(parse_model({"--device", "cpu"}).precision == cost::Precision::fp32);
}

TEST_CASE("the world's size fixes the replicas, and underscores stand for dashes") {
  const ModelTask task = parse_model({"--world_size", "32", "--tensor_model_parallel_size", "4",
                                      "--pipeline-model-parallel-size", "2", "--micro-batch-size", "2"});
  CHECK(task.layout.data == 4);
  CHECK(task.batch.global_batch == 8);
}

TEST_CASE("the length of a training is tokens, samples or steps") {
  CHECK(parse_model({"--tflops", "1", "--train-iters", "10"}).tokens.value() == 20480);
  CHECK(parse_model({"--tflops", "1", "--train-samples", "10"}).tokens.value() == 20480);
  CHECK(parse_model({"--tflops", "1", "--tokens", "2B"}).tokens.value() == 2e9);
  CHECK_THROWS_AS(parse_model({"--train-iters", "10"}), gpt::cli::UsageError);
}

TEST_CASE("layouts that do not divide are refused") {
  for (const std::vector<const char*>& wrong :
       std::vector<std::vector<const char*>>{{"--tensor-model-parallel-size", "3"},
                                             {"--pipeline-model-parallel-size", "5"},
                                             {"--world-size", "6", "--tensor-model-parallel-size", "4"},
                                             {"--global-batch-size", "7", "--micro-batch-size", "2"},
                                             {"--max-position-embeddings", "1024"},
                                             {"--num-layers-per-virtual-pipeline-stage", "2"},
                                             {"--device", "cpu", "--precision", "bf16"},
                                             {"--tflops", "many"},
                                             {"--recompute-granularity", "some"},
                                             {"--num-layers", "0"}}) {
    CAPTURE(wrong.front());
    CHECK_THROWS_AS(parse_model(wrong), gpt::cli::UsageError);
  }
}

TEST_CASE("interleaving cuts a stage into chunks") {
  const ModelTask task = parse_model({"--pipeline-model-parallel-size", "4", "--global-batch-size", "8",
                                      "--num-layers-per-virtual-pipeline-stage", "2"});
  CHECK(task.layout.virtual_stages == 3);
}

TEST_CASE("time takes parameters or a shape, not both") {
  const Options options = parse({"time", "--tokens", "300B", "--parameters", "175e9", "--gpus", "1024",
                                 "--tflops", "140", "--recompute"});
  const auto& task = std::get<TimeTask>(options.task);
  CHECK(task.parameters == 175e9);
  CHECK(task.flops_per_process == 140e12);
  CHECK(task.recompute == cost::Recompute::full);
  CHECK_THROWS_AS(parse({"time", "--tokens", "1B", "--gpus", "1", "--tflops", "1"}), gpt::cli::UsageError);
  CHECK_THROWS_AS(parse({"time", "--tokens", "1B", "--gpus", "1", "--tflops", "1", "--parameters", "1B",
                         "--num-layers", "2"}),
                  gpt::cli::UsageError);
  const Options shape =
      parse({"time", "--tokens", "1B", "--gpus", "1", "--tflops", "1", "--num-layers", "12", "--hidden-size",
             "768", "--num-attention-heads", "12", "--seq-length", "1024"});
  CHECK(std::get<TimeTask>(shape.task).parameters == doctest::Approx(124438272));
}

TEST_CASE("an unknown table, an unknown subcommand and none are refused") {
  CHECK_THROWS_AS(parse({"tables", "gpt5"}), gpt::cli::UsageError);
  CHECK_THROWS_AS(parse({"price"}), gpt::cli::UsageError);
  CHECK_THROWS_AS(parse({}), gpt::cli::UsageError);
}
