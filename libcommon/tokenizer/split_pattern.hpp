#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace gpt::tokenizer {

// How a text is cut into the pieces within which merges are made. Each is known by the regular expression
// that a tokenizer.json gives; none is run as one. (cl100k in tiktoken of 2023 and in Llama 3 is the same
// expression.)
enum class SplitPattern {
  gpt2,
  cl100k,         // words with any one sign before them, numbers by three digits, line ends apart
  cl100k_to_end,  // as tiktoken writes it since: white space at the very end of the text is one piece
  qwen2,          // cl100k with one digit a piece
  o200k,          // words also begin where a capital follows a small letter
};

// Empty for any other expression.
std::optional<SplitPattern> split_pattern_of_regex(std::string_view regex);

// The expression by which a pattern is published: the first of those that are known for it.
std::string_view regex_of(SplitPattern pattern);

std::string_view name_of(SplitPattern pattern);

// The names of all, for messages: "gpt2, cl100k ...".
std::string known_split_patterns();

}  // namespace gpt::tokenizer
