#pragma once

#include <cstddef>
#include <string>

namespace gpt::clean {

// Cells of tables, with spaces up to a width in bytes; wider ones stay as they are.
inline std::string right_aligned(const std::string& text, std::size_t width) {
  return text.size() < width ? std::string(width - text.size(), ' ') + text : text;
}
inline std::string left_aligned(const std::string& text, std::size_t width) {
  return text.size() < width ? text + std::string(width - text.size(), ' ') : text;
}

}  // namespace gpt::clean
