#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "libcommon/cli/command.hpp"
#include "libgpt/comm/cuda/rank_device.hpp"
#include "libgpt/cost/layout.hpp"
#include "libgpt/generate/generator.hpp"
#include "libgpt/model/inference_part.hpp"
#include "libgpt/tensor/gpu_choice.hpp"

namespace gpt::generate_tool {

enum class OutputFormat { text, jsonl };

// Texts that begin with nothing but the end-of-document token.
struct NoPrompt {};
struct GivenPrompts {
  std::vector<std::string> texts;
};
// One prompt a line, or the text field of one JSON object a line; "-" is stdin.
struct PromptFile {
  std::string path;
};
using Prompts = std::variant<NoPrompt, GivenPrompts, PromptFile>;

struct GenerateTask {
  Prompts prompts;
  std::int64_t samples = 1;  // texts of each prompt
  generate::SamplingOptions sampling;
  std::int64_t new_tokens = 0;
  std::optional<std::int64_t> total_tokens;
  std::int64_t batch_size = 1;  // texts generated at a time
};

struct ScoreTask {
  std::string path;
  std::optional<std::int64_t> stride;
};

struct Options {
  std::string load;
  std::optional<std::string> vocab_file;
  std::optional<std::string> merge_file;
  std::variant<GenerateTask, ScoreTask> task;
  std::string json_key = "text";
  OutputFormat format = OutputFormat::text;
  std::string output = "-";
  cost::Layout layout;  // tensor and pipeline ranks
  comm::DeviceChoice device = comm::DeviceChoice::automatic;
  cost::Precision precision = cost::Precision::fp32;
  tensor::GpuSharing gpu_sharing = tensor::GpuSharing::refused;
  model::RepeatedSteps repeated_steps = model::RepeatedSteps::recorded;  // on a GPU
  cli::CommonOptions common;
  bool threads_given = false;  // whether common.threads was set, or is the default of one process
};

// Whether a file of prompts or texts is JSON Lines: its name ends in .jsonl or .json, compressed or not. All
// else is plain text, stdin too.
bool names_json_lines(std::string_view path);

// Throws cli::UsageError.
Options parse_options(int argc, const char* const* argv);

}  // namespace gpt::generate_tool
