#include "libgpt/generate/generator.hpp"

#include <algorithm>
#include <map>
#include <stdexcept>

#include <doctest/doctest.h>

#include "libcommon/cli/stop_signals.hpp"
#include "tests/support/inference_ranks.hpp"

namespace gpt::generate {
namespace {

using Tokens = std::vector<std::int32_t>;

model::Gpt<float> small_model() {
  model::ModelConfig config;
  config.shape.layers = 2;
  config.shape.hidden = 24;
  config.shape.heads = 3;
  config.shape.positions = 20;
  config.shape.vocabulary = 37;
  config.init_method_std = 0.3;
  model::Gpt<float> model(config);
  model.initialise(5);
  return model;
}

struct Run {
  std::map<std::uint64_t, Completion> completions;
  std::map<std::uint64_t, Tokens> streamed;
  GenerationCounts counts;
};

Run generate(model::InferenceModel& model, const std::vector<Tokens>& prompts,
             const SamplingOptions& sampling, const GenerationLimits& limits, std::int64_t slots) {
  Generator generator(model, sampling, limits, slots);
  Run run;
  std::size_t next = 0;
  GenerationSink sink;
  sink.next_prompt = [&]() -> std::optional<Tokens> {
    return next < prompts.size() ? std::optional(prompts[next++]) : std::nullopt;
  };
  sink.on_token = [&](std::uint64_t text, std::int32_t token) { run.streamed[text].push_back(token); };
  sink.on_end = [&](std::uint64_t text, Completion completion) {
    run.completions[text] = std::move(completion);
  };
  run.counts = generator.run_or_throw(sink);
  return run;
}

Run generate(const std::vector<Tokens>& prompts, const SamplingOptions& sampling,
             const GenerationLimits& limits, std::int64_t slots) {
  test::InferenceAlone alone(small_model());
  return generate(alone.model(), prompts, sampling, limits, slots);
}

const std::vector<Tokens> kPrompts = {{1, 2, 3}, {4},   {5, 6, 7, 8, 9, 10, 11, 12}, {1, 2, 3}, {30, 31},
                                      {7},       {8, 8}};

TEST_CASE("a text does not depend on those generated beside it") {
  GenerationLimits limits;
  limits.new_tokens = 9;
  limits.end_of_document = 17;
  const auto alone = generate(kPrompts, {}, limits, 1);
  REQUIRE(alone.completions.size() == kPrompts.size());
  for (const std::int64_t slots : {2, 3, 10}) {
    const auto together = generate(kPrompts, {}, limits, slots);
    for (const auto& [text, completion] : alone.completions) {
      CAPTURE(text);
      CHECK(together.completions.at(text).tokens == completion.tokens);
      CHECK(together.completions.at(text).stop == completion.stop);
    }
  }
  // The same prompt again is another text with other choices.
  CHECK(alone.completions.at(0).tokens != alone.completions.at(3).tokens);
}

TEST_CASE("greedy texts are the argmax of the full forward pass at every step") {
  auto model = small_model();
  SamplingOptions greedy;
  greedy.greedy = true;
  GenerationLimits limits;
  limits.new_tokens = 12;
  const auto run = generate(kPrompts, greedy, limits, 3);
  for (std::size_t i = 0; i < kPrompts.size(); ++i) {
    Tokens tokens = kPrompts[i];
    for (const auto token : run.completions.at(i).tokens) {
      model::MicroBatch batch;
      batch.sequences = 1;
      batch.length = std::ssize(tokens);
      batch.tokens = tokens;
      std::vector<float> logits(tokens.size() * 37);
      model.forward_logits(batch, logits);
      REQUIRE(token == likeliest(std::span<const float>(logits).last(37)));
      tokens.push_back(token);
    }
  }
}

TEST_CASE("texts end at the end of the document, at their length, and at the last position") {
  GenerationLimits limits;
  limits.new_tokens = 100;
  auto run = generate(kPrompts, {}, limits, 2);
  for (std::size_t i = 0; i < kPrompts.size(); ++i) {
    // The last position's prediction is still of use, so a text can be one token longer than the positions.
    CHECK(run.completions.at(i).tokens.size() == 21 - kPrompts[i].size());
    CHECK(run.completions.at(i).stop == StopReason::positions);
    CHECK(run.streamed.at(i) == run.completions.at(i).tokens);
  }
  CHECK(run.counts.texts == 7);
  CHECK(run.counts.prompt_tokens == 20);
  CHECK(run.counts.new_tokens == 7 * 21 - 20);

  const auto eod = run.completions.at(2).tokens[4];
  const auto first = std::find(run.completions.at(2).tokens.begin(), run.completions.at(2).tokens.end(), eod);
  const Tokens until(run.completions.at(2).tokens.begin(), first);
  limits.end_of_document = eod;
  run = generate(kPrompts, {}, limits, 2);
  CHECK(run.completions.at(2).tokens == until);
  CHECK(run.completions.at(2).stop == StopReason::end_of_document);

  limits.end_of_document.reset();
  limits.new_tokens = 3;
  run = generate(kPrompts, {}, limits, 2);
  CHECK(run.completions.at(5).tokens.size() == 3);
  CHECK(run.completions.at(5).stop == StopReason::length);
  limits.total_tokens = 3;
  run = generate(kPrompts, {}, limits, 2);
  CHECK(run.completions.size() == 7);
  CHECK(run.completions.at(0).tokens.empty());  // the prompt has 3 already
  CHECK(run.completions.at(1).tokens.size() == 2);
  CHECK(run.completions.at(2).tokens.empty());
}

TEST_CASE("a full prompt gets its one token, a longer one is refused") {
  GenerationLimits limits;
  const auto run = generate({Tokens(20, 3)}, {}, limits, 1);
  CHECK(run.completions.at(0).tokens.size() == 1);
  CHECK_THROWS_AS(generate({Tokens(21, 3)}, {}, limits, 1), std::invalid_argument);
  CHECK_THROWS_AS(generate({Tokens{}}, {}, limits, 1), std::invalid_argument);
}

TEST_CASE("ids beyond the vocabulary's real entries are never chosen") {
  GenerationLimits limits;
  limits.new_tokens = 15;
  limits.vocabulary = 5;
  const auto run = generate(kPrompts, {}, limits, 3);
  for (const auto& [text, completion] : run.completions) {
    for (const auto token : completion.tokens) CHECK(token < 5);
  }
}

TEST_CASE("a stop is obeyed between two tokens") {
  cli::request_stop();
  CHECK_THROWS_AS(generate(kPrompts, {}, {}, 1), cli::StoppedOnRequest);
  cli::clear_stop_request();
}

TEST_CASE("a text is the same whatever ranks the model lies on") {
  const auto model = small_model();
  GenerationLimits limits;
  limits.new_tokens = 14;
  limits.end_of_document = 17;
  SamplingOptions greedy;
  greedy.greedy = true;
  SamplingOptions chosen;
  chosen.top_k = 9;
  chosen.temperature = 0.8;
  for (const auto& sampling : {greedy, SamplingOptions{}, chosen}) {
    const auto wanted = generate(kPrompts, sampling, limits, 3);
    for (const auto& [tensor, pipeline] : {std::pair{1, 2}, {3, 1}, {3, 2}}) {
      CAPTURE(tensor);
      CAPTURE(pipeline);
      cost::Layout layout;
      layout.tensor = tensor;
      layout.pipeline = pipeline;
      Run run;
      test::infer_on_ranks(layout, model, [&](model::InferenceModel& spread) {
        run = generate(spread, kPrompts, sampling, limits, 3);
        // Another cache takes the place of the first.
        const auto again = generate(spread, kPrompts, sampling, limits, 2);
        for (const auto& [text, completion] : run.completions) {
          CHECK(again.completions.at(text).tokens == completion.tokens);
        }
      });
      REQUIRE(run.completions.size() == kPrompts.size());
      for (const auto& [text, completion] : run.completions) {
        CAPTURE(text);
        CHECK(completion.tokens == wanted.completions.at(text).tokens);
        CHECK(completion.stop == wanted.completions.at(text).stop);
      }
    }
  }
}

TEST_CASE("long prompts that pass through a pipeline in pieces are continued as on one rank") {
  model::ModelConfig config = small_model().config();
  config.shape.positions = 400;
  model::Gpt<float> model(config);
  model.initialise(8);
  std::vector<Tokens> prompts;
  for (const std::size_t length : {390, 3, 260, 1, 129}) {
    Tokens prompt(length);
    for (std::size_t i = 0; i < length; ++i) prompt[i] = static_cast<std::int32_t>((i * i + length) % 37);
    prompts.push_back(prompt);
  }
  GenerationLimits limits;
  limits.new_tokens = 8;
  SamplingOptions greedy;
  greedy.greedy = true;
  test::InferenceAlone alone(model);
  const auto wanted = generate(alone.model(), prompts, greedy, limits, 4);
  cost::Layout layout;
  layout.pipeline = 2;
  Run run;
  test::infer_on_ranks(layout, model, [&](model::InferenceModel& spread) {
    run = generate(spread, prompts, greedy, limits, 4);
  });
  REQUIRE(run.completions.size() == prompts.size());
  for (const auto& [text, completion] : run.completions) {
    CHECK(completion.tokens == wanted.completions.at(text).tokens);
  }
}

TEST_CASE("the pieces of a batch are the batch") {
  const Tokens tokens{10, 11, 12, 13, 14, 15, 16, 17, 18, 19};
  const Tokens slots{0, 0, 0, 0, 0, 0, 2, 3, 3, 3};
  const Tokens positions{0, 1, 2, 3, 4, 5, 9, 0, 1, 2};
  const Tokens wanted{2, 3, 6, 9};
  model::PlacedBatch batch;
  batch.tokens = tokens;
  batch.slots = slots;
  batch.positions = positions;
  batch.wanted = wanted;
  Tokens memory;
  CHECK(model::pieces_of(batch, {3, 6, 100}, memory).size() == 1);
  CHECK(model::pieces_of(batch, {1, 2, 100}, memory).size() == 1);
  CHECK(model::pieces_of(batch, {1, 2, 3}, memory).size() == (batch.tokens.size() + 2) / 3);
  const auto pieces = model::pieces_of(batch, {3, 2, 100}, memory);
  REQUIRE(pieces.size() == 3);
  Tokens all, all_positions, all_wanted;
  for (const auto& piece : pieces) {
    for (const auto row : piece.wanted) {
      all_wanted.push_back(row + static_cast<std::int32_t>(all.size()));
    }
    all.insert(all.end(), piece.tokens.begin(), piece.tokens.end());
    all_positions.insert(all_positions.end(), piece.positions.begin(), piece.positions.end());
    CHECK(piece.slots.size() == piece.tokens.size());
  }
  CHECK(all == tokens);
  CHECK(all_positions == positions);
  CHECK(all_wanted == wanted);
}

TEST_CASE("a stop is obeyed by all ranks, and copies of a model are refused") {
  const auto model = small_model();
  cost::Layout layout;
  layout.pipeline = 2;
  cli::request_stop();
  CHECK_THROWS_AS(
      test::infer_on_ranks(layout, model, [&](auto& spread) { generate(spread, kPrompts, {}, {}, 1); }),
      cli::StoppedOnRequest);
  cli::clear_stop_request();
  layout.data = 2;
  CHECK_THROWS_AS(test::infer_on_ranks(layout, model, [](auto&) {}), model::ConfigError);
}

}  // namespace
}  // namespace gpt::generate
