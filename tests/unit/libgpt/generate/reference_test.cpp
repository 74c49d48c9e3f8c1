#include <cmath>

#include <doctest/doctest.h>
#include <simdjson.h>

#include "libcommon/io/byte_source.hpp"
#include "libcommon/tokenizer/encoder.hpp"
#include "libgpt/checkpoint/model_folder.hpp"
#include "libgpt/checkpoint/parameter_pieces.hpp"
#include "libgpt/generate/generator.hpp"
#include "libgpt/generate/score.hpp"
#include "tests/support/inference_ranks.hpp"

namespace gpt::generate {
namespace {

using Tokens = std::vector<std::int32_t>;

const std::string kData = GPT_SOURCE_DIR "/tests/data/";

Tokens tokens_of(const simdjson::dom::element& list) {
  Tokens tokens;
  const simdjson::dom::array ids = list.get_array();
  for (const std::int64_t id : ids) tokens.push_back(static_cast<std::int32_t>(id));
  return tokens;
}

Tokens greedy_text(model::InferenceModel& model, const Tokens& prompt) {
  SamplingOptions greedy;
  greedy.greedy = true;
  GenerationLimits limits;
  limits.new_tokens = 40;
  limits.end_of_document = 0;
  Generator generator(model, greedy, limits, 1);
  bool given = false;
  Tokens added;
  GenerationSink sink;
  sink.next_prompt = [&]() -> std::optional<Tokens> {
    if (given) return std::nullopt;
    given = true;
    return prompt;
  };
  sink.on_end = [&](std::uint64_t, const Completion& completion) { added = completion.tokens; };
  generator.run_or_throw(sink);
  return added;
}

// tests/data/gpt2/make_reference.py says what the three folders are.
TEST_CASE("folders as transformers and older programs write them give transformers' results") {
  simdjson::dom::parser parser;
  const simdjson::dom::element reference = parser.load(kData + "gpt2/reference.json");
  for (const char* name : {"plain", "old", "sharded"}) {
    CAPTURE(name);
    const simdjson::dom::element wanted = reference[name];
    auto folder = checkpoint::ModelFolder::open_or_throw(kData + "gpt2/" + name);
    model::Gpt<float> model(folder.config().model);
    checkpoint::read_parameters_or_throw(folder.weights(), model.layout(), model.weights());
    test::InferenceAlone alone(model);
    const auto vocabulary =
        tokenizer::ByteLevelBpe::load_or_throw(folder.path() + "/vocab.json", folder.path() + "/merges.txt");
    tokenizer::Encoder encoder(vocabulary);

    const simdjson::dom::array greedy = wanted["greedy"].get_array();
    for (const simdjson::dom::element text : greedy) {
      CHECK(greedy_text(alone.model(), tokens_of(text["ids"].value())) == tokens_of(text["added"].value()));
    }

    const auto ids = encoder.encode_or_throw("Den gamla");
    const Tokens tokens(ids.begin(), ids.end());
    model::KvCache<float> cache(model.config().shape, 1, 64);
    const Tokens slots(tokens.size(), 0);
    const Tokens last = {static_cast<std::int32_t>(tokens.size()) - 1};
    const auto logits = model.forward_inference({tokens, slots, last}, cache);
    const simdjson::dom::array wanted_logits = wanted["logits"].get_array();
    std::size_t i = 0;
    for (const double logit : wanted_logits)
      REQUIRE(std::abs(static_cast<double>(logits[i++]) - logit) < 1e-4);
    CHECK(i == 532);

    Tokens corpus = {0};
    for (const auto id : encoder.encode_or_throw(io::read_file_or_throw(kData + "bpe/corpus.txt"))) {
      corpus.push_back(static_cast<std::int32_t>(id));
    }
    const auto score = score_tokens_or_throw(alone.model(), corpus, wanted["stride"].get_int64().value());
    CHECK(score.mean_loss() == doctest::Approx(wanted["corpus_loss"].get_double().value()).epsilon(1e-5));
  }
}

}  // namespace
}  // namespace gpt::generate
