#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "libgpt/model/model_config.hpp"

namespace gpt::checkpoint {

// What a GPT-2's config.json says (docs/formats/checkpoint.md). embd_pdrop is not kept apart from
// resid_pdrop.
struct HuggingFaceConfig {
  model::ModelConfig model;
  std::optional<std::int64_t> bos_token;
  std::optional<std::int64_t> eos_token;
};

// Reads a config.json text; what it leaves out has Hugging Face's defaults. path is only named in errors.
// Throws io::DataError when a number is missing or impossible, or when the model is not one this toolkit
// computes: another architecture, another activation than the tanh form of GELU, untied embeddings, attention
// scaled otherwise.
HuggingFaceConfig parse_config_or_throw(const std::string& path, const std::string& json);

// The text of a config.json. torch_dtype: "float32", "bfloat16" ... Throws model::ConfigError for a shape
// that Hugging Face's GPT-2 cannot have (kv_channels other than hidden / heads).
std::string config_json(const HuggingFaceConfig& config, const std::string& torch_dtype);

}  // namespace gpt::checkpoint
