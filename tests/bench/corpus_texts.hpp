#pragma once

#include <string>
#include <vector>

#include "libcommon/io/document.hpp"
#include "libcommon/io/line_reader.hpp"

namespace gpt::bench {

// The texts of a file of JSON Lines.
inline std::vector<std::string> corpus_texts_or_throw(const char* path) {
  io::LineReader reader(io::open_input_or_throw(path));
  io::DocumentParser parser("text");
  std::vector<std::string> texts;
  while (const auto line = reader.next_or_throw())
    texts.push_back(parser.parse_or_throw(*line, path, texts.size() + 1).text);
  return texts;
}

}  // namespace gpt::bench
