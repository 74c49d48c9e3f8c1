#include <cmath>
#include <cstdlib>

#include <doctest/doctest.h>
#include <simdjson.h>

#include "libgpt/checkpoint/model_folder.hpp"
#include "libgpt/checkpoint/parameter_pieces.hpp"
#include "libgpt/generate/generator.hpp"
#include "libgpt/generate/score.hpp"
#include "tests/support/inference_ranks.hpp"

namespace gpt::generate {
namespace {

using Tokens = std::vector<std::int32_t>;

Tokens tokens_of(const simdjson::dom::element& list) {
  Tokens tokens;
  const simdjson::dom::array ids = list.get_array();
  for (const std::int64_t id : ids) tokens.push_back(static_cast<std::int32_t>(id));
  return tokens;
}

// transformers' own model folder, read as any other: its logits, its loss and its greedy text.
void check_folder(const std::string& path) {
  simdjson::dom::parser parser;
  const simdjson::dom::element golden = parser.load(path + "/golden.json");
  auto folder = checkpoint::ModelFolder::open_or_throw(path);
  model::Gpt<float> model(folder.config().model);
  checkpoint::read_parameters_or_throw(folder.weights(), model.layout(), model.weights());
  test::InferenceAlone alone(model);

  {  // logits after the first sequence, through the cache
    const simdjson::dom::array first_batch = golden["batches"].at(0).get_array();
    auto tokens = tokens_of(first_batch.at(0));
    tokens.pop_back();
    model::KvCache<float> cache(model.config().shape, 1, 64);
    const std::vector<std::int32_t> slots(64, 0);
    const Tokens last = {63};
    const auto logits = model.forward_inference({tokens, slots, last}, cache);
    const simdjson::dom::array wanted = golden["logits_sequence0_last_position"].get_array();
    std::size_t i = 0;
    for (const double logit : wanted) CHECK(std::abs(static_cast<double>(logits[i++]) - logit) < 2e-5);
    CHECK(static_cast<std::int64_t>(i) == model.config().shape.vocabulary);
  }
  {  // loss of the first batch
    const simdjson::dom::array first_batch = golden["batches"].at(0).get_array();
    Score score;
    for (const simdjson::dom::element sequence : first_batch) {
      score += score_tokens_or_throw(alone.model(), tokens_of(sequence), 32);
    }
    CHECK(score.tokens == 256);
    CHECK(score.mean_loss() == doctest::Approx(golden["loss"].get_double().value()).epsilon(1e-5));
  }
  {  // greedy continuation
    SamplingOptions greedy;
    greedy.greedy = true;
    GenerationLimits limits;
    auto text = tokens_of(golden["greedy"]["prompt"].value());
    const auto wanted = tokens_of(golden["greedy"]["tokens"].value());
    limits.total_tokens = std::ssize(wanted);
    Generator generator(alone.model(), greedy, limits, 1);
    bool given = false;
    GenerationSink sink;
    sink.next_prompt = [&]() -> std::optional<Tokens> {
      return given ? std::nullopt : (given = true, std::optional(text));
    };
    sink.on_end = [&](std::uint64_t, Completion completion) {
      text.insert(text.end(), completion.tokens.begin(), completion.tokens.end());
    };
    generator.run_or_throw(sink);
    CHECK(text == wanted);
  }
}

TEST_CASE("a folder that transformers wrote gives its results") {
  check_folder(GPT_SOURCE_DIR "/tests/data/golden/tiny_gpt2");
}

TEST_CASE("a larger folder that transformers wrote gives its results") {
  const char* data = std::getenv("GPT_TEST_DATA");
  if (data == nullptr) {
    MESSAGE("SKIPPED: GPT_TEST_DATA is unset, so the larger model of transformers is not compared");
    return;
  }
  check_folder(std::string(data) + "/golden/tiny_gpt2");
}

}  // namespace
}  // namespace gpt::generate
