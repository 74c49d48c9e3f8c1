#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "apps/gpt-generate/options.hpp"
#include "libcommon/tokenizer/encoder.hpp"

namespace gpt::generate_tool {

struct Prompt {
  std::string text;
  std::vector<std::int32_t> tokens;  // what the model reads; the end-of-document token where text is empty
  std::string origin;                // for messages: "--prompt", "prompts.txt:3"
};

// Prompts as they are asked for, each as often as samples of it are wanted. A file is read line by line, so
// that whoever types is answered at once. Empty lines of a text file are no prompts.
class PromptSource {
 public:
  // Opens the file. Throws io::IoError.
  PromptSource(const GenerateTask& task, const std::string& json_key, tokenizer::ByteLevelBpe vocabulary,
               std::optional<std::int32_t> end_of_document, std::int64_t positions);

  // Throws io::DataError: a line that is no prompt, or longer than the model's positions; naming its place.
  std::optional<Prompt> next_or_throw();
  std::uint64_t prompts() const { return prompts_; }

 private:
  void encode_or_throw(Prompt& prompt);

  std::function<std::optional<Prompt>()> read_;
  tokenizer::Encoder encoder_;
  std::optional<std::int32_t> end_of_document_;
  std::int64_t positions_;
  std::int64_t samples_;
  std::optional<Prompt> current_;
  std::int64_t samples_left_ = 0;  // of current_
  std::uint64_t prompts_ = 0;
};

}  // namespace gpt::generate_tool
