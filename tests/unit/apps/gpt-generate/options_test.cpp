#include "apps/gpt-generate/options.hpp"

#include <vector>

#include <doctest/doctest.h>

#include "libcommon/cli/errors.hpp"

namespace gpt::generate_tool {
namespace {

Options parse(std::vector<const char*> arguments) {
  arguments.insert(arguments.begin(), {"gpt-generate", "--load", "m"});
  return parse_options(static_cast<int>(arguments.size()), arguments.data());
}

GenerateTask task(const std::vector<const char*>& arguments) {
  return std::get<GenerateTask>(parse(arguments).task);
}

TEST_CASE("where prompts come from") {
  CHECK(std::get<GivenPrompts>(task({"--prompt", "a", "--prompt", "b c"}).prompts).texts ==
        std::vector<std::string>{"a", "b c"});
  CHECK(std::get<PromptFile>(task({"--input", "f"}).prompts).path == "f");
  CHECK(std::get<PromptFile>(task({}).prompts).path == "-");
  CHECK(std::get<PromptFile>(task({"--num-samples", "0"}).prompts).path == "-");
  CHECK(std::holds_alternative<NoPrompt>(task({"--num-samples", "2"}).prompts));
  CHECK(task({"--num-samples", "2"}).samples == 2);
}

TEST_CASE("one text at a time where it is read as it comes, several elsewhere") {
  CHECK(task({"--prompt", "a"}).batch_size == 1);
  CHECK(task({}).batch_size == 1);
  CHECK(task({"--num-samples", "1"}).batch_size == 1);
  CHECK(task({"--prompt", "a", "--num-samples", "5"}).batch_size > 1);
  CHECK(task({"--prompt", "a", "--num-samples", "2", "--batch-size", "50"}).batch_size == 2);
  CHECK(task({"--input", "f"}).batch_size > 1);
  CHECK(task({"--input", "f", "--batch-size", "3"}).batch_size == 3);
}

TEST_CASE("Megatron's names mean the same") {
  const auto options = parse({"--sample_input_file", "in", "--genfile", "out", "--top_k", "5", "--top_p",
                              "0.5", "--out_seq_length", "99", "--recompute"});
  const auto& generate = std::get<GenerateTask>(options.task);
  CHECK(std::get<PromptFile>(generate.prompts).path == "in");
  CHECK(options.output == "out");
  CHECK(generate.sampling.top_k == 5);
  CHECK(generate.sampling.top_p == 0.5);
  CHECK(generate.total_tokens == 99);
  CHECK(parse({"--sample-output-file", "o"}).output == "o");
}

TEST_CASE("the format follows the output's name unless it is said") {
  CHECK(parse({}).format == OutputFormat::text);
  CHECK(parse({"-o", "a.jsonl"}).format == OutputFormat::jsonl);
  CHECK(parse({"-o", "a.jsonl.zst"}).format == OutputFormat::jsonl);
  CHECK(parse({"-o", "a.txt"}).format == OutputFormat::text);
  CHECK(parse({"-o", "a.txt", "--output-format", "jsonl"}).format == OutputFormat::jsonl);
}

TEST_CASE("the seed is the sampler's") {
  CHECK(task({"--seed", "7"}).sampling.seed == 7);
  CHECK(task({}).new_tokens == 128);
  CHECK(task({"--out-seq-length", "500"}).new_tokens == 500);
}

TEST_CASE("what does not go together is refused") {
  CHECK_THROWS_AS(parse({"--score", "f", "--num-samples", "2"}), cli::UsageError);
  CHECK_THROWS_AS(parse({"--stride", "2"}), cli::UsageError);
  CHECK_THROWS_AS(parse({"--merge-file", "x"}), cli::UsageError);
  CHECK_THROWS_AS(parse({"--output-format", "xml"}), cli::UsageError);
}

TEST_CASE("what to compute on, and by how many ranks") {
  const auto plain = parse({});
  CHECK(plain.layout.processes() == 1);
  CHECK(plain.device == comm::DeviceChoice::automatic);
  CHECK(plain.precision == cost::Precision::fp32);
  CHECK(plain.repeated_steps == model::RepeatedSteps::recorded);
  CHECK(plain.gpu_sharing == tensor::GpuSharing::refused);
  const auto spread = parse({"--tensor-model-parallel-size", "4", "--pipeline_model_parallel_size", "2",
                             "--device", "cuda", "--bf16", "--no-cuda-graph", "--share-gpus"});
  CHECK(spread.layout.tensor == 4);
  CHECK(spread.layout.pipeline == 2);
  CHECK(spread.device == comm::DeviceChoice::cuda);
  CHECK(spread.precision == cost::Precision::bf16);
  CHECK(spread.repeated_steps == model::RepeatedSteps::launched);
  CHECK(spread.gpu_sharing == tensor::GpuSharing::allowed);
  CHECK(parse({"--fp16"}).precision == cost::Precision::fp16);
  CHECK_THROWS_AS(parse({"--fp16", "--bf16"}), cli::UsageError);
  CHECK_THROWS_WITH_AS(parse({"--bf16", "--device", "cpu"}), doctest::Contains("the CPU computes in fp32"),
                       cli::UsageError);
  CHECK_THROWS_AS(parse({"--tensor-model-parallel-size", "0"}), cli::UsageError);
  CHECK_THROWS_AS(parse({"--device", "gpu"}), cli::UsageError);
}

}  // namespace
}  // namespace gpt::generate_tool
