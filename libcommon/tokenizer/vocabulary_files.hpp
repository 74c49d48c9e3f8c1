#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace gpt::tokenizer {

// One line of merges.txt: the two tokens that become one.
struct MergeLine {
  std::string left;
  std::string right;
  std::size_t line = 0;  // in the file, from 1
};

// The tokens of a vocab.json by id, spelled as in the file. Throws io::DataError when the text is not a JSON
// object of token → id, an id or token comes twice, or the ids are not exactly 0 … n−1. path: for messages.
std::vector<std::string> parse_vocabulary_or_throw(const std::string& path, std::string_view json);

// The lines of a merges.txt in order; a first line "#version…" is its header. Throws io::DataError for a line
// that is not two tokens with one space between, or a last line without its end (a file cut short).
std::vector<MergeLine> parse_merges_or_throw(const std::string& path, std::string_view text);

// The files' contents as Hugging Face tokenizers writes them: compact JSON in id order without a final
// newline; a version line and then one merge a line.
std::string vocabulary_json(std::span<const std::string> tokens);
std::string merges_text(std::span<const std::pair<std::string, std::string>> merges);

}  // namespace gpt::tokenizer
