#include <doctest/doctest.h>

#include "libcommon/io/errors.hpp"
#include "libgpt/checkpoint/hugging_face_config.hpp"
#include "libgpt/checkpoint/trainer_state.hpp"
#include "tests/unit/libgpt/checkpoint/sample_model.hpp"

namespace gpt::checkpoint {
namespace {

const std::string kSizes = R"("n_layer":3,"n_embd":64,"n_head":4,"vocab_size":1000)";

HuggingFaceConfig parse(const std::string& json) { return parse_config_or_throw("config.json", json); }

void check_refused(const std::string& json, const std::string& part) {
  try {
    parse(json);
    FAIL("accepted: " << json);
  } catch (const io::DataError& error) {
    const std::string message = error.what();
    CAPTURE(message);
    CHECK(message.find("config.json") != std::string::npos);
    CHECK(message.find(part) != std::string::npos);
  }
}

TEST_CASE("a configuration is written and read back") {
  auto config = SampleModel::config();
  config.model.hidden_dropout = 0.0;
  config.model.attention_dropout = 0.25;
  config.bos_token = 3;
  const auto read = parse(config_json(config, "float32"));
  CHECK(read.model.shape.layers == 2);
  CHECK(read.model.shape.hidden == 8);
  CHECK(read.model.shape.heads == 2);
  CHECK(read.model.shape.positions == 16);
  CHECK(read.model.shape.vocabulary == 40);
  CHECK(read.model.shape.mlp_size() == 32);
  CHECK(read.model.hidden_dropout == 0.0);
  CHECK(read.model.attention_dropout == 0.25);
  CHECK(read.bos_token == 3);
  CHECK(read.eos_token == 39);
  config.model.shape.kv_channels = 8;
  CHECK_THROWS_AS(config_json(config, "float32"), model::ConfigError);
}

TEST_CASE("old and sparse configurations have Hugging Face's defaults") {
  const auto sparse = parse("{" + kSizes + R"(,"n_ctx":32})");
  CHECK(sparse.model.shape.positions == 32);
  CHECK(sparse.model.shape.mlp_size() == 256);
  CHECK(sparse.model.layernorm_epsilon == 1e-5);
  CHECK_FALSE(sparse.eos_token.has_value());
  const auto nulls =
      parse("{" + kSizes + R"(,"n_positions":16,"n_inner":null,"eos_token_id":[7,8],"extra":{}})");
  CHECK(nulls.model.shape.mlp_size() == 256);
  CHECK(nulls.eos_token == 7);
}

TEST_CASE("what cannot be computed is refused with its reason") {
  const std::string rest = kSizes + R"(,"n_positions":16)";
  check_refused("[]", "no JSON object");
  check_refused("{" + kSizes + "}", "has no n_positions");
  check_refused(R"({"n_layer":3})", "has no n_embd");
  check_refused("{" + rest + R"(,"n_inner":0})", "n_inner is 0");
  check_refused(R"({"n_layer":2000000000,"n_embd":64,"n_head":4,"vocab_size":9,"n_positions":8})",
                "n_layer is 2000000000");
  check_refused("{" + rest + R"(,"n_inner":9223372036854775807})", "n_inner is 9223372036854775807");
  check_refused("{" + rest + R"(,"n_inner":"x"})", "n_inner is not an integer");
  check_refused(R"({"n_layer":3,"n_embd":65,"n_head":4,"vocab_size":9,"n_positions":8})",
                "no multiple of n_head 4");
  check_refused("{" + rest + R"(,"model_type":"llama"})", "\"llama\"");
  check_refused("{" + rest + R"(,"activation_function":"relu"})", "\"relu\"");
  check_refused("{" + rest + R"(,"tie_word_embeddings":false})", "tie_word_embeddings");
  check_refused("{" + rest + R"(,"scale_attn_weights":false})", "scale_attn_weights");
  check_refused("{" + rest + R"(,"scale_attn_by_inverse_layer_idx":true})", "inverse_layer");
  check_refused("{" + rest + R"(,"resid_pdrop":1.5})", "resid_pdrop");
}

TEST_CASE("the trainer's state keeps every bit") {
  TrainerState state;
  state.iteration = 100;
  state.consumed_train_samples = 1LL << 40;
  state.consumed_valid_samples = 3;
  state.optimizer_steps = 99;
  state.seed = 0xffffffffffffffffu;
  state.numbers = {{"a", 0.1}, {"b", 4294967296.0}, {"c", 1e-300}};
  state.texts = {{"data", "å\n\"x\""}};
  const auto read = parse_trainer_state_or_throw("s", trainer_state_json(state));
  CHECK(read.iteration == 100);
  CHECK(read.consumed_train_samples == 1LL << 40);
  CHECK(read.consumed_valid_samples == 3);
  CHECK(read.optimizer_steps == 99);
  CHECK(read.seed == state.seed);
  CHECK(read.numbers == state.numbers);
  CHECK(read.texts == state.texts);
  CHECK_THROWS_AS(parse_trainer_state_or_throw("s", "{}"), io::DataError);
}

}  // namespace
}  // namespace gpt::checkpoint
