#include "libgpt/generate/generator.hpp"

#include <algorithm>
#include <stdexcept>
#include <string>

namespace gpt::generate {

std::string_view name_of(StopReason reason) {
  switch (reason) {
    case StopReason::end_of_document:
      return "end_of_document";
    case StopReason::length:
      return "length";
    case StopReason::positions:
      return "positions";
  }
  throw std::logic_error("unknown stop reason");
}

Generator::Generator(model::InferenceModel& model, const SamplingOptions& sampling,
                     const GenerationLimits& limits, std::int64_t slots)
    : model_(model), sampler_(sampling), limits_(limits), texts_(static_cast<std::size_t>(slots)) {
  model_.make_cache(slots);
  if (limits_.vocabulary == 0) limits_.vocabulary = model.config().shape.vocabulary;
}

GenerationCounts Generator::run_or_throw(const GenerationSink& sink) {
  counts_ = {};
  more_prompts_ = true;
  const auto vocabulary = static_cast<std::size_t>(model_.config().shape.vocabulary);
  while (fill_slots(sink)) {
    const auto logits = forward();
    std::size_t row = 0;
    for (Text& text : texts_) {
      if (!text.active) continue;
      const auto of_text = logits.subspan(row++ * vocabulary, static_cast<std::size_t>(limits_.vocabulary));
      const auto place = static_cast<std::uint64_t>(text.prompt_length) + text.completion.tokens.size();
      const auto token = sampler_.choose_or_throw(of_text, {text.number, place});
      if (!append(text, token, sink)) continue;
      text.active = false;
      sink.on_end(text.number, std::move(text.completion));
    }
  }
  return counts_;
}

bool Generator::fill_slots(const GenerationSink& sink) {
  bool any = false;
  for (std::size_t slot = 0; slot < texts_.size(); ++slot) {
    Text& text = texts_[slot];
    while (!text.active && more_prompts_) {
      auto prompt = sink.next_prompt();
      if (!prompt) {
        more_prompts_ = false;
        break;
      }
      start(text, static_cast<std::int64_t>(slot), std::move(*prompt));
      // A limit on the whole length may leave nothing to add.
      if (limits_.new_tokens > 0 && (!limits_.total_tokens || text.prompt_length < *limits_.total_tokens))
        break;
      text.active = false;
      sink.on_end(text.number, {});
    }
    any = any || text.active;
  }
  return any;
}

void Generator::start(Text& text, std::int64_t slot, std::vector<std::int32_t> prompt) {
  const std::int64_t positions = model_.config().shape.positions;
  const auto length = static_cast<std::int64_t>(prompt.size());
  if (length == 0 || length > positions) {
    throw std::invalid_argument("a prompt has " + std::to_string(length) + " tokens, but the model has " +
                                std::to_string(positions) + " positions");
  }
  model_.truncate(slot, 0);
  text = {true, static_cast<std::uint64_t>(counts_.texts), length, std::move(prompt), {}};
  ++counts_.texts;
  counts_.prompt_tokens += length;
}

std::span<const float> Generator::forward() {
  std::vector<std::int32_t> tokens;
  std::vector<std::int32_t> slots;
  std::vector<std::int32_t> wanted;
  for (std::size_t slot = 0; slot < texts_.size(); ++slot) {
    Text& text = texts_[slot];
    if (!text.active) continue;
    tokens.insert(tokens.end(), text.pending.begin(), text.pending.end());
    slots.resize(tokens.size(), static_cast<std::int32_t>(slot));
    wanted.push_back(static_cast<std::int32_t>(tokens.size()) - 1);
    text.pending.clear();
  }
  return model_.forward({tokens, slots, wanted});
}

bool Generator::append(Text& text, std::int32_t token, const GenerationSink& sink) {
  auto& completion = text.completion;
  ++counts_.new_tokens;
  if (token == limits_.end_of_document) {
    completion.stop = StopReason::end_of_document;
    return true;
  }
  completion.tokens.push_back(token);
  text.pending.push_back(token);
  if (sink.on_token) sink.on_token(text.number, token);
  const auto added = static_cast<std::int64_t>(completion.tokens.size());
  const std::int64_t total = text.prompt_length + added;
  if (added >= limits_.new_tokens || (limits_.total_tokens && total >= *limits_.total_tokens)) {
    completion.stop = StopReason::length;
    return true;
  }
  // The token just chosen would need a position of its own to be continued.
  if (total <= model_.config().shape.positions) return false;
  completion.stop = StopReason::positions;
  return true;
}

}  // namespace gpt::generate
