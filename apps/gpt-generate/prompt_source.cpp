#include "apps/gpt-generate/prompt_source.hpp"

#include <memory>
#include <utility>

#include "libcommon/io/document.hpp"
#include "libcommon/io/errors.hpp"
#include "libcommon/io/line_reader.hpp"
#include "libcommon/text/utf8.hpp"

namespace gpt::generate_tool {
namespace {

using Reader = std::function<std::optional<Prompt>()>;

Reader read_given(std::vector<std::string> texts) {
  return [texts = std::move(texts), next = std::size_t{0}]() mutable -> std::optional<Prompt> {
    if (next == texts.size()) return std::nullopt;
    return Prompt{texts[next++], {}, "--prompt"};
  };
}

Reader read_nothing_once() {
  return [done = false]() mutable -> std::optional<Prompt> {
    if (std::exchange(done, true)) return std::nullopt;
    return Prompt{"", {}, "a text without a prompt"};
  };
}

Reader read_file(const std::string& path, const std::string& json_key) {
  const auto lines = std::make_shared<io::LineReader>(io::open_input_or_throw(path));
  const bool json = names_json_lines(path);
  const auto parser = std::make_shared<io::DocumentParser>(json_key);
  return [=]() -> std::optional<Prompt> {
    while (auto line = lines->next_or_throw()) {
      if (!line->empty() && line->back() == '\r') line->remove_suffix(1);
      if (line->empty()) continue;
      const std::string origin = lines->name() + ":" + std::to_string(lines->line_number());
      if (json) {
        return Prompt{parser->parse_or_throw(*line, lines->name(), lines->line_number()).text, {}, origin};
      }
      if (!text::is_valid_utf8(*line)) {
        throw io::DataError(lines->name(), lines->line_number(), "not valid UTF-8");
      }
      return Prompt{std::string(*line), {}, origin};
    }
    return std::nullopt;
  };
}

Reader reader_of(const Prompts& prompts, const std::string& json_key) {
  if (const auto* given = std::get_if<GivenPrompts>(&prompts)) return read_given(given->texts);
  if (const auto* file = std::get_if<PromptFile>(&prompts)) return read_file(file->path, json_key);
  return read_nothing_once();
}

}  // namespace

PromptSource::PromptSource(const GenerateTask& task, const std::string& json_key,
                           tokenizer::ByteLevelBpe vocabulary, std::optional<std::int32_t> end_of_document,
                           std::int64_t positions)
    : read_(reader_of(task.prompts, json_key)),
      encoder_(std::move(vocabulary)),
      end_of_document_(end_of_document),
      positions_(positions),
      samples_(task.samples) {}

std::optional<Prompt> PromptSource::next_or_throw() {
  if (samples_left_ == 0) {
    current_ = read_();
    if (!current_) return std::nullopt;
    encode_or_throw(*current_);
    samples_left_ = samples_;
    ++prompts_;
  }
  --samples_left_;
  return current_;
}

void PromptSource::encode_or_throw(Prompt& prompt) {
  for (const auto id : encoder_.encode_or_throw(prompt.text))
    prompt.tokens.push_back(static_cast<std::int32_t>(id));
  if (prompt.tokens.empty()) {
    if (!end_of_document_) {
      throw io::DataError(prompt.origin,
                          "the vocabulary has no end-of-document token to begin with: give a prompt");
    }
    prompt.tokens.push_back(*end_of_document_);
  }
  const auto length = static_cast<std::int64_t>(prompt.tokens.size());
  if (length > positions_) {
    throw io::DataError(prompt.origin, "the prompt has " + std::to_string(length) +
                                           " tokens, but the model has only " + std::to_string(positions_) +
                                           " positions: shorten the prompt");
  }
}

}  // namespace gpt::generate_tool
