#include "libgpt/checkpoint/hugging_face_config.hpp"

#include <array>
#include <string_view>

#include <simdjson.h>

#include "libcommon/io/errors.hpp"
#include "libcommon/io/json_text.hpp"

namespace gpt::checkpoint {
namespace {

using io::DataError;

// The fields of one JSON object, absent and null told alike.
class Fields {
 public:
  Fields(const std::string& path, simdjson::dom::object object) : path_(path), object_(object) {}

  std::optional<std::int64_t> integer(std::string_view key) const {
    return value<std::int64_t>(key, "an integer");
  }
  std::optional<double> number(std::string_view key) const { return value<double>(key, "a number"); }
  std::optional<bool> truth(std::string_view key) const { return value<bool>(key, "true or false"); }
  std::optional<std::string> text(std::string_view key) const {
    const auto found = value<std::string_view>(key, "a string");
    return found ? std::optional<std::string>(*found) : std::nullopt;
  }

  // A token id; a list of them (newer configurations) gives its first.
  std::optional<std::int64_t> token(std::string_view key) const {
    simdjson::dom::array list;
    std::int64_t first = 0;
    if (object_[key].get(list) == simdjson::SUCCESS) {
      return list.at(0).get(first) == simdjson::SUCCESS ? std::optional(first) : std::nullopt;
    }
    return integer(key);
  }

  std::int64_t size_or_throw(std::string_view key, std::string_view older_key = {}) const {
    auto found = integer(key);
    if (!found && !older_key.empty()) found = integer(older_key);
    if (!found) throw DataError(path_, "has no " + std::string(key));
    // Damaged numbers must not become a list of billions of layers, nor overflow when sizes are multiplied.
    const std::int64_t largest = std::int64_t{1} << (key == "n_layer" ? 16 : 27);
    if (*found <= 0 || *found > largest) {
      throw DataError(path_, std::string(key) + " is " + std::to_string(*found) + ", which is no size");
    }
    return *found;
  }

 private:
  template <class T>
  std::optional<T> value(std::string_view key, const char* kind) const {
    const auto found = object_[key];
    if (found.error() == simdjson::NO_SUCH_FIELD || found.is_null()) return std::nullopt;
    T result{};
    if (found.get(result) != simdjson::SUCCESS) throw DataError(path_, std::string(key) + " is not " + kind);
    return result;
  }

  const std::string& path_;
  simdjson::dom::object object_;
};

void refuse_other_models(const std::string& path, const Fields& fields) {
  const auto type = fields.text("model_type").value_or("gpt2");
  if (type != "gpt2")
    throw DataError(path, "model_type is \"" + type + "\", but only \"gpt2\" models can be read");
  const auto activation = fields.text("activation_function").value_or("gelu_new");
  constexpr std::array kTanhGelu = {"gelu_new", "gelu_fast", "gelu_pytorch_tanh"};
  bool known = false;
  for (const auto* name : kTanhGelu) known = known || activation == name;
  if (!known) {
    throw DataError(path,
                    "activation_function is \"" + activation + "\", but only \"gelu_new\" is computed here");
  }
  if (!fields.truth("scale_attn_weights").value_or(true)) {
    throw DataError(path, "scale_attn_weights is false, which is not computed here");
  }
  if (fields.truth("scale_attn_by_inverse_layer_idx").value_or(false)) {
    throw DataError(path, "scale_attn_by_inverse_layer_idx is true, which is not computed here");
  }
  if (fields.truth("add_cross_attention").value_or(false)) {
    throw DataError(path, "add_cross_attention is true, which is not computed here");
  }
  if (!fields.truth("tie_word_embeddings").value_or(true)) {
    throw DataError(path, "tie_word_embeddings is false, but only tied embeddings are computed here");
  }
}

double dropout_or_throw(const std::string& path, const Fields& fields, std::string_view key) {
  const double rate = fields.number(key).value_or(0.1);
  if (!(rate >= 0.0 && rate < 1.0))
    throw DataError(path, std::string(key) + " is not a rate from 0 to below 1");
  return rate;
}

}  // namespace

HuggingFaceConfig parse_config_or_throw(const std::string& path, const std::string& json) {
  simdjson::dom::parser parser;
  const simdjson::padded_string padded(json);
  simdjson::dom::object object;
  if (const auto error = parser.parse(padded).get(object); error != simdjson::SUCCESS) {
    throw DataError(path, std::string("no JSON object: ") + simdjson::error_message(error));
  }
  const Fields fields(path, object);
  refuse_other_models(path, fields);

  HuggingFaceConfig config;
  auto& shape = config.model.shape;
  shape.layers = fields.size_or_throw("n_layer");
  shape.hidden = fields.size_or_throw("n_embd");
  shape.heads = fields.size_or_throw("n_head");
  shape.positions = fields.size_or_throw("n_positions", "n_ctx");
  shape.vocabulary = fields.size_or_throw("vocab_size");
  if (shape.hidden % shape.heads != 0) {
    throw DataError(path, "n_embd " + std::to_string(shape.hidden) + " is no multiple of n_head " +
                              std::to_string(shape.heads));
  }
  shape.kv_channels = shape.hidden / shape.heads;
  shape.ffn_hidden = fields.integer("n_inner") ? fields.size_or_throw("n_inner") : 4 * shape.hidden;
  config.model.layernorm_epsilon = fields.number("layer_norm_epsilon").value_or(1e-5);
  config.model.hidden_dropout = dropout_or_throw(path, fields, "resid_pdrop");
  config.model.attention_dropout = dropout_or_throw(path, fields, "attn_pdrop");
  config.model.init_method_std = fields.number("initializer_range").value_or(0.02);
  config.bos_token = fields.token("bos_token_id");
  config.eos_token = fields.token("eos_token_id");
  return config;
}

std::string config_json(const HuggingFaceConfig& config, const std::string& torch_dtype) {
  const auto& shape = config.model.shape;
  if (shape.head_size() * shape.heads != shape.hidden) {
    throw model::ConfigError(
        "a Hugging Face GPT-2 has heads of hidden / heads = " + std::to_string(shape.hidden / shape.heads) +
        " channels, not " + std::to_string(shape.head_size()));
  }
  std::string json = "{\n";
  const auto put = [&json](std::string_view key, const std::string& value) {
    if (json.size() > 2) json += ",\n";
    json += "  \"" + std::string(key) + "\": " + value;
  };
  const auto put_token = [&put](std::string_view key, std::optional<std::int64_t> token) {
    put(key, token ? std::to_string(*token) : "null");
  };
  put("activation_function", "\"gelu_new\"");
  put("architectures", "[\"GPT2LMHeadModel\"]");
  put("attn_pdrop", io::json_number(config.model.attention_dropout));
  put_token("bos_token_id", config.bos_token);
  put("embd_pdrop", io::json_number(config.model.hidden_dropout));
  put_token("eos_token_id", config.eos_token);
  put("initializer_range", io::json_number(config.model.init_method_std));
  put("layer_norm_epsilon", io::json_number(config.model.layernorm_epsilon));
  put("model_type", "\"gpt2\"");
  put("n_ctx", std::to_string(shape.positions));
  put("n_embd", std::to_string(shape.hidden));
  put("n_head", std::to_string(shape.heads));
  put("n_inner", std::to_string(shape.mlp_size()));
  put("n_layer", std::to_string(shape.layers));
  put("n_positions", std::to_string(shape.positions));
  put("resid_pdrop", io::json_number(config.model.hidden_dropout));
  put("scale_attn_weights", "true");
  put("tie_word_embeddings", "true");
  put("torch_dtype", io::json_string(torch_dtype));
  put("use_cache", "true");
  put("vocab_size", std::to_string(shape.vocabulary));
  return json + "\n}\n";
}

}  // namespace gpt::checkpoint
