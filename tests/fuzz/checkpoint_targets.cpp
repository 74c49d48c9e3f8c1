// The files of a checkpoint or model folder.
#include <cstring>
#include <stdexcept>

#include "libcommon/io/errors.hpp"
#include "libgpt/checkpoint/element_type.hpp"
#include "libgpt/checkpoint/hugging_face_config.hpp"
#include "libgpt/checkpoint/safetensors_header.hpp"
#include "libgpt/checkpoint/trainer_state.hpp"
#include "tests/fuzz/targets.hpp"

namespace gpt::fuzz {
namespace {

// A safetensors file whose header's length is right, unless it is damaged too.
std::string safetensors(const std::string& json, std::size_t data_bytes) {
  const std::uint64_t length = json.size();
  std::string bytes(8, '\0');
  std::memcpy(bytes.data(), &length, 8);
  return bytes + json + std::string(data_bytes, '\x3f');
}

// Promises of an accepted header: tensors lie in the file one after the other, each as long as its shape
// says, and can be read.
void check_entries(const std::vector<checkpoint::TensorEntry>& entries, const std::string& bytes) {
  std::uint64_t reached = entries.empty() ? 0 : entries.front().begin;
  for (const auto& entry : entries) {
    if (entry.begin != reached || entry.end < entry.begin || entry.end > bytes.size()) {
      throw std::logic_error("tensor " + entry.name + " lies outside of its place");
    }
    reached = entry.end;
    const auto type = tensor::dtype_from_safetensors(entry.dtype);
    if (!type || !checkpoint::is_floating(*type)) continue;
    std::vector<float> values(static_cast<std::size_t>(checkpoint::element_count(entry.shape)));
    if (values.size() * tensor::size_in_bytes(*type) != entry.end - entry.begin) {
      throw std::logic_error("tensor " + entry.name + " does not have the elements of its shape");
    }
    checkpoint::decode_floats(*type, std::as_bytes(std::span(bytes)).subspan(entry.begin), values);
  }
}

Target safetensors_header() {
  return {"safetensors",
          {safetensors(
               R"({"__metadata__":{"format":"pt"},"a":{"dtype":"F32","shape":[2,3],"data_offsets":[0,24]},)"
               R"("b":{"dtype":"BF16","shape":[4],"data_offsets":[24,32]}})",
               32),
           safetensors(R"({"x":{"dtype":"BOOL","shape":[1,1,2,2],"data_offsets":[0,4]},)"
                       R"("y":{"dtype":"F64","shape":[],"data_offsets":[4,12]},)"
                       R"("z":{"dtype":"F16","shape":[0],"data_offsets":[4,4]}}   )",
                       12),
           safetensors("{}", 0)},
          {R"("shape":[)", "\"F16\"", "18446744073709551615", "9223372036854775808", "-1", "0", "[", "]", "{",
           "}", ",", "\"", "[0,0]", R"("a":{"dtype":"U8","shape":[1],"data_offsets":[0,1]},)",
           std::string(8, '\0'), std::string(8, '\xff')},
          [](const std::string& bytes) {
            std::vector<checkpoint::TensorEntry> entries;
            try {
              entries = checkpoint::parse_safetensors_header_or_throw("fuzz", bytes, bytes.size());
            } catch (const io::DataError&) {
              return false;
            }
            check_entries(entries, bytes);
            return true;
          }};
}

Target config() {
  return {
      "config",
      {R"({"n_layer":3,"n_embd":64,"n_head":4,"vocab_size":1000,"n_positions":64,"n_inner":null,)"
       R"("activation_function":"gelu_new","model_type":"gpt2","eos_token_id":[1,2]})",
       R"({"n_ctx":8,"n_embd":2,"n_head":1,"n_layer":1,"vocab_size":5,"resid_pdrop":0.0,"attn_pdrop":0.25})"},
      {"0", "-1", "1e308", "2147483648", "9223372036854775807", "null", "true", "\"\"", "[]", "{}",
       "\"n_embd\":"},
      [](const std::string& bytes) {
        checkpoint::HuggingFaceConfig config;
        try {
          config = checkpoint::parse_config_or_throw("fuzz", bytes);
        } catch (const io::DataError&) {
          return false;
        }
        const auto again =
            checkpoint::parse_config_or_throw("again", checkpoint::config_json(config, "float32"));
        if (again.model.shape.hidden != config.model.shape.hidden ||
            again.model.shape.vocabulary != config.model.shape.vocabulary ||
            again.model.attention_dropout != config.model.attention_dropout) {
          throw std::logic_error("the configuration written is not the one read back");
        }
        return true;
      }};
}

Target trainer_state() {
  checkpoint::TrainerState state;
  state.iteration = 100;
  state.numbers = {{"loss_scale", 65536.0}, {"x", 0.1}};
  state.texts = {{"data", "a\n\"b\""}};
  return {"trainer_state",
          {checkpoint::trainer_state_json(state), checkpoint::trainer_state_json({})},
          {"-1", "1e999", "18446744073709551616", "null", "{}", "\"iteration\":", "\\u0000", "\xff"},
          [](const std::string& bytes) {
            checkpoint::TrainerState read;
            try {
              read = checkpoint::parse_trainer_state_or_throw("fuzz", bytes);
            } catch (const io::DataError&) {
              return false;
            }
            const auto again =
                checkpoint::parse_trainer_state_or_throw("again", checkpoint::trainer_state_json(read));
            if (again.numbers != read.numbers || again.texts != read.texts || again.seed != read.seed) {
              throw std::logic_error("the state written is not the one read back");
            }
            return true;
          }};
}

}  // namespace

std::vector<Target> all_targets() { return {safetensors_header(), config(), trainer_state()}; }

}  // namespace gpt::fuzz
