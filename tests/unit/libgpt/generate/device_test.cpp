#include "tests/support/cuda_on_cpu/device.hpp"

#include <algorithm>
#include <cmath>
#include <map>
#include <vector>

#include <doctest/doctest.h>

#include "libgpt/generate/generator.hpp"
#include "libgpt/generate/score.hpp"
#include "tests/support/inference_ranks.hpp"

namespace gpt::generate {
namespace {

using Tokens = std::vector<std::int32_t>;
constexpr std::int32_t kVocabulary = 61;

// Long enough for the bound on keys of a recorded step to change.
model::Gpt<float> small_model() {
  model::ModelConfig config;
  config.shape.layers = 2;
  config.shape.hidden = 32;
  config.shape.heads = 2;
  config.shape.positions = 300;
  config.shape.vocabulary = kVocabulary;
  config.init_method_std = 0.2;
  model::Gpt<float> model(config);
  model.initialise(11);
  return model;
}

Tokens text_of(std::size_t length, std::int32_t seed) {
  Tokens tokens(length);
  std::uint32_t state = static_cast<std::uint32_t>(seed) * 2654435761u + 12345u;
  for (auto& token : tokens) {
    state = state * 1664525u + 1013904223u;
    token = static_cast<std::int32_t>((state >> 16) % kVocabulary);
  }
  return tokens;
}

std::map<std::uint64_t, Tokens> texts_of(model::InferenceModel& model, const std::vector<Tokens>& prompts,
                                         const SamplingOptions& sampling, std::int64_t new_tokens,
                                         std::int64_t slots) {
  GenerationLimits limits;
  limits.new_tokens = new_tokens;
  Generator generator(model, sampling, limits, slots);
  std::map<std::uint64_t, Tokens> texts;
  std::size_t next = 0;
  GenerationSink sink;
  sink.next_prompt = [&]() -> std::optional<Tokens> {
    return next < prompts.size() ? std::optional(prompts[next++]) : std::nullopt;
  };
  sink.on_end = [&](std::uint64_t text, Completion completion) {
    texts[text] = std::move(completion.tokens);
  };
  generator.run_or_throw(sink);
  return texts;
}

// Prompts of many lengths, more than slots, the longest of which grows over the bound on keys.
std::vector<Tokens> prompts() {
  std::vector<Tokens> prompts;
  for (const std::size_t length : {5, 250, 1, 33, 2, 70}) {
    prompts.push_back(text_of(length, static_cast<std::int32_t>(length)));
  }
  return prompts;
}

// The largest difference between logits beside the largest logit.
double logit_error(std::span<const float> seen, std::span<const float> wanted) {
  double worst = 0;
  double largest = 0;
  for (std::size_t i = 0; i < wanted.size(); ++i) {
    worst = std::max(worst, std::abs(static_cast<double>(seen[i]) - static_cast<double>(wanted[i])));
    largest = std::max(largest, std::abs(static_cast<double>(wanted[i])));
  }
  return worst / largest;
}

// Feeds a prompt and then tokens one by one; compares what the device says of each with the CPU.
template <class T>
void check_logits(const model::Gpt<float>& whole, double tolerance) {
  test::InferenceAlone<float> host(whole);
  test::InferenceAlone<T> device(whole);
  const Tokens text = text_of(60, 3);
  host.model().make_cache(2);
  device.model().make_cache(2);
  std::size_t fed = 0;
  for (const std::size_t count : {std::size_t{40}, std::size_t{1}, std::size_t{1}, std::size_t{1},
                                  std::size_t{9}, std::size_t{1}, std::size_t{7}}) {
    const auto piece = std::span(text).subspan(fed, count);
    const Tokens slots(count, 1);
    const Tokens last{static_cast<std::int32_t>(count) - 1};
    const auto wanted = host.model().forward({piece, slots, last});
    const auto seen = device.model().forward({piece, slots, last});
    REQUIRE(seen.size() == wanted.size());
    CHECK(logit_error(seen, wanted) < tolerance);
    fed += count;
  }
}

TEST_CASE("a device chooses the tokens that the CPU chooses, recorded steps or not") {
  const cuda_on_cpu::ScopedEmulatedDevice scope;
  const auto whole = small_model();
  test::InferenceAlone<float> host(whole);
  SamplingOptions greedy;
  greedy.greedy = true;
  SamplingOptions sampled;
  sampled.top_k = 12;
  for (const auto& sampling : {greedy, sampled}) {
    const auto wanted = texts_of(host.model(), prompts(), sampling, 12, 3);
    for (const auto repeated : {model::RepeatedSteps::recorded, model::RepeatedSteps::launched}) {
      test::InferenceAlone<tensor::DeviceF32> device(whole, repeated);
      CHECK(texts_of(device.model(), prompts(), sampling, 12, 3) == wanted);
    }
  }
}

TEST_CASE("logits and losses of a device are those of the CPU, as far as its numbers reach") {
  const cuda_on_cpu::ScopedEmulatedDevice scope;
  const auto whole = small_model();
  check_logits<tensor::DeviceF32>(whole, 1e-5);
  check_logits<tensor::DeviceF16>(whole, 1e-2);
  check_logits<tensor::DeviceBf16>(whole, 4e-2);

  const Tokens text = text_of(90, 8);
  test::InferenceAlone<float> host(whole);
  test::InferenceAlone<tensor::DeviceF32> device(whole);
  test::InferenceAlone<tensor::DeviceBf16> rounded(whole);
  const Score wanted = score_tokens_or_throw(host.model(), text, 100);
  CHECK(score_tokens_or_throw(device.model(), text, 100).loss == doctest::Approx(wanted.loss).epsilon(1e-5));
  CHECK(score_tokens_or_throw(rounded.model(), text, 100).loss == doctest::Approx(wanted.loss).epsilon(1e-2));
}

}  // namespace
}  // namespace gpt::generate
