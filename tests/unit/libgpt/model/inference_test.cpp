#include <algorithm>
#include <cmath>
#include <random>

#include <doctest/doctest.h>

#include "libgpt/model/gpt.hpp"
#include "tests/unit/libgpt/model/golden.hpp"

using namespace gpt;

namespace {

model::ModelConfig small_config() {
  model::ModelConfig config;
  config.shape.layers = 2;
  config.shape.hidden = 24;
  config.shape.heads = 3;
  config.shape.positions = 40;
  config.shape.vocabulary = 37;
  config.init_method_std = 0.2;
  return config;
}

std::vector<double> all_logits(model::Gpt<double>& gpt, std::span<const std::int32_t> tokens) {
  model::MicroBatch batch;
  batch.sequences = 1;
  batch.length = static_cast<std::int64_t>(tokens.size());
  batch.tokens = tokens;
  std::vector<double> logits(tokens.size() * 37);
  gpt.forward_logits(batch, logits);
  return logits;
}

void check_close(std::span<const double> a, std::span<const double> b) {
  REQUIRE(a.size() == b.size());
  for (std::size_t i = 0; i < a.size(); ++i) CHECK(std::abs(a[i] - b[i]) < 1e-11);
}

void check_greedy(const std::string& folder) {
  CAPTURE(folder);
  simdjson::dom::parser parser;
  const simdjson::dom::element golden = parser.load(folder + "/golden.json");
  model::Gpt<float> gpt(golden::config(folder));
  golden::load_weights(folder, gpt);

  std::vector<std::int32_t> tokens;
  for (const std::int64_t id : golden["greedy"]["prompt"]) tokens.push_back(static_cast<std::int32_t>(id));
  model::KvCache<float> cache(gpt.config().shape, 1, 64);
  std::size_t fed = 0;
  for (const std::int64_t want : golden["greedy"]["tokens"]) {
    static_cast<void>(want);
    if (tokens.size() == golden["greedy"]["tokens"].get_array().size()) break;
    const std::vector<std::int32_t> slots(tokens.size() - fed, 0);
    const std::vector<std::int32_t> wanted = {static_cast<std::int32_t>(slots.size()) - 1};
    const auto logits = gpt.forward_inference({std::span(tokens).subspan(fed), slots, wanted}, cache);
    fed = tokens.size();
    tokens.push_back(
        static_cast<std::int32_t>(std::max_element(logits.begin(), logits.end()) - logits.begin()));
  }
  std::size_t i = 0;
  for (const std::int64_t want : golden["greedy"]["tokens"]) CHECK(tokens.at(i++) == want);
}

}  // namespace

TEST_CASE("cached inference gives the logits of the whole sequence, however it is fed") {
  model::Gpt<double> gpt(small_config());
  gpt.initialise(8);
  std::mt19937 random(1);
  std::vector<std::int32_t> long_one(33), short_one(12);
  for (auto& token : long_one) token = static_cast<std::int32_t>(random() % 37);
  for (auto& token : short_one) token = static_cast<std::int32_t>(random() % 37);
  const std::vector<double> want_long = all_logits(gpt, long_one);
  const std::vector<double> want_short = all_logits(gpt, short_one);

  model::KvCache<double> cache(gpt.config().shape, 3, 40);
  // A first piece of 20 tokens in slot 2 beside the whole short sequence in slot 0.
  std::vector<std::int32_t> tokens(long_one.begin(), long_one.begin() + 20);
  tokens.insert(tokens.end(), short_one.begin(), short_one.end());
  std::vector<std::int32_t> slots(20, 2);
  slots.resize(32, 0);
  const std::vector<std::int32_t> wanted = {19, 24, 31};
  auto logits = gpt.forward_inference({tokens, slots, wanted}, cache);
  check_close(logits.subspan(0, 37), std::span(want_long).subspan(19 * 37, 37));
  check_close(logits.subspan(37, 37), std::span(want_short).subspan(4 * 37, 37));
  check_close(logits.subspan(74, 37), std::span(want_short).subspan(11 * 37, 37));
  CHECK(cache.length(2) == 20);
  CHECK(cache.length(0) == 12);

  // Ten more at once, then one by one.
  slots.assign(10, 2);
  const std::vector<std::int32_t> last = {9};
  logits = gpt.forward_inference({std::span(long_one).subspan(20, 10), slots, last}, cache);
  check_close(logits, std::span(want_long).subspan(29 * 37, 37));
  const std::vector<std::int32_t> one_slot = {2}, only = {0};
  for (std::size_t i = 30; i < 33; ++i) {
    logits = gpt.forward_inference({std::span(long_one).subspan(i, 1), one_slot, only}, cache);
    check_close(logits, std::span(want_long).subspan(i * 37, 37));
  }

  // A slot that is cut back goes on from there.
  cache.truncate(2, 25);
  slots.assign(5, 2);
  const std::vector<std::int32_t> fifth = {4};
  logits = gpt.forward_inference({std::span(long_one).subspan(25, 5), slots, fifth}, cache);
  check_close(logits, std::span(want_long).subspan(29 * 37, 37));
}

TEST_CASE("inference refuses what does not fit") {
  model::Gpt<double> gpt(small_config());
  CHECK_THROWS_WITH_AS(model::KvCache<double>(gpt.config().shape, 1, 41),
                       "a sequence of 41 tokens does not fit the model's 40 positions", model::ConfigError);
  model::KvCache<double> cache(gpt.config().shape, 1, 2);
  const std::vector<std::int32_t> tokens = {1, 2, 3}, slots = {0, 0, 0}, unknown = {1, 37};
  CHECK_THROWS_AS(gpt.forward_inference({tokens, slots, {}}, cache), model::ConfigError);
  CHECK_THROWS_AS(gpt.forward_inference({unknown, std::span(slots).first(2), {}}, cache), model::ConfigError);
}

TEST_CASE("greedy continuation agrees with transformers") {
  for (const auto& folder : golden::folders()) check_greedy(folder);
}
