#include <vector>

#include <doctest/doctest.h>

#include "libgpt/generate/generator.hpp"
#include "tests/support/cuda_on_cpu/device.hpp"
#include "tests/support/inference_ranks.hpp"

namespace gpt::generate {
namespace {

using Tokens = std::vector<std::int32_t>;

TEST_CASE("a model that lies on several devices writes what one device writes") {
  const cuda_on_cpu::ScopedEmulatedDevice scope;
  model::ModelConfig config;
  config.shape.layers = 2;
  config.shape.hidden = 32;
  config.shape.heads = 2;
  config.shape.positions = 40;
  config.shape.vocabulary = 31;
  config.init_method_std = 0.3;
  model::Gpt<float> whole(config);
  whole.initialise(4);
  SamplingOptions greedy;
  greedy.greedy = true;
  GenerationLimits limits;
  limits.new_tokens = 10;
  const auto texts_of = [&](model::InferenceModel& model) {
    std::vector<Tokens> texts(3);
    std::vector<Tokens> prompts = {{1, 2, 3, 4, 5, 6, 7, 8, 9}, {30}, {7, 7}};
    std::size_t next = 0;
    GenerationSink sink;
    sink.next_prompt = [&]() -> std::optional<Tokens> {
      return next < prompts.size() ? std::optional(prompts[next++]) : std::nullopt;
    };
    sink.on_end = [&](std::uint64_t text, const Completion& completion) { texts[text] = completion.tokens; };
    Generator(model, greedy, limits, 2).run_or_throw(sink);
    return texts;
  };
  test::InferenceAlone<float> alone(whole);
  const auto wanted = texts_of(alone.model());
  for (const auto& [tensor, pipeline] : {std::pair{1, 2}, {2, 1}, {2, 2}}) {
    cost::Layout layout;
    layout.tensor = tensor;
    layout.pipeline = pipeline;
    std::vector<Tokens> texts;
    test::infer_on_ranks<tensor::DeviceF32>(layout, whole,
                                            [&](model::InferenceModel& spread) { texts = texts_of(spread); });
    CHECK(texts == wanted);
  }
  // 16-bit numbers pass from stage to stage as they are.
  test::InferenceAlone<tensor::DeviceBf16> rounded(whole);
  cost::Layout stages;
  stages.pipeline = 2;
  std::vector<Tokens> texts;
  test::infer_on_ranks<tensor::DeviceBf16>(stages, whole,
                                           [&](model::InferenceModel& spread) { texts = texts_of(spread); });
  CHECK(texts == texts_of(rounded.model()));
}

}  // namespace
}  // namespace gpt::generate
