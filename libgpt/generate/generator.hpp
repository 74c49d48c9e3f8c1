#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string_view>
#include <vector>

#include "libgpt/generate/sampler.hpp"
#include "libgpt/model/inference_model.hpp"

namespace gpt::generate {

// Why a text ended.
enum class StopReason {
  end_of_document,  // the model chose the end-of-document token
  length,           // as many tokens as were asked for
  positions,        // the model has no further position
};
std::string_view name_of(StopReason reason);

struct GenerationLimits {
  std::int64_t new_tokens = 128;             // at most, after the prompt
  std::optional<std::int64_t> total_tokens;  // at most, with the prompt
  std::optional<std::int32_t> end_of_document;
  // Ids from here on are never chosen: rows of a padded vocabulary. 0: all may be.
  std::int64_t vocabulary = 0;
};

struct Completion {
  std::vector<std::int32_t> tokens;  // after the prompt; without the end-of-document token
  StopReason stop = StopReason::length;
};

struct GenerationCounts {
  std::int64_t texts = 0;
  std::int64_t prompt_tokens = 0;
  std::int64_t new_tokens = 0;  // end-of-document tokens included
};

// Where prompts come from and where tokens go. Texts are counted from 0 in the order of their prompts.
struct GenerationSink {
  // The next prompt: at least one token and at most as many as the model has positions. Empty: there are no
  // more. Asked for only when there is room for another text.
  std::function<std::optional<std::vector<std::int32_t>>()> next_prompt;
  // Each token as it is chosen, but for the end of a document; may be empty.
  std::function<void(std::uint64_t text, std::int32_t token)> on_token;
  // Once a text, in the order in which they end.
  std::function<void(std::uint64_t text, Completion)> on_end;
};

// Continues prompts, several at a time: when a text ends, the next prompt takes its place. What a text
// becomes does not depend on its neighbours, but for rounding. Memory: keys and values of `slots` texts of
// all positions.
class Generator {
 public:
  // On rank 0 of the model's ranks; model must stay alive.
  Generator(model::InferenceModel& model, const SamplingOptions& sampling, const GenerationLimits& limits,
            std::int64_t slots);

  // Until there are no more prompts. Throws std::invalid_argument for a prompt of the wrong length,
  // cli::StoppedOnRequest between two tokens.
  GenerationCounts run_or_throw(const GenerationSink& sink);

 private:
  struct Text {
    bool active = false;
    std::uint64_t number = 0;
    std::int64_t prompt_length = 0;
    std::vector<std::int32_t> pending;  // not yet in the cache
    Completion completion;
  };

  // Puts prompts into free slots; false when no slot is in use afterwards.
  bool fill_slots(const GenerationSink& sink);
  void start(Text& text, std::int64_t slot, std::vector<std::int32_t> prompt);
  std::span<const float> forward();
  // Notes the token; true when the text has ended.
  bool append(Text& text, std::int32_t token, const GenerationSink& sink);

  model::InferenceModel& model_;
  Sampler sampler_;
  GenerationLimits limits_;
  std::vector<Text> texts_;  // by slot
  GenerationCounts counts_;
  bool more_prompts_ = true;
};

}  // namespace gpt::generate
