#pragma once

#include <source_location>
#include <string>
#include <string_view>

namespace gpt::cuda_on_cpu {

// Of string constants, which are mostly the very same.
inline bool same_text(const char* a, const char* b) { return a == b || std::string_view(a) == b; }

// A line of a kernel.
struct Site {
  const char* file = "";
  unsigned line = 0;
  unsigned column = 0;

  // As default argument: the line of the call.
  static constexpr Site here(std::source_location at = std::source_location::current()) {
    return {at.file_name(), at.line(), at.column()};
  }
  bool operator==(const Site& other) const {
    return line == other.line && column == other.column && same_text(file, other.file);
  }
  std::string text() const { return std::string(file) + ":" + std::to_string(line); }
};

}  // namespace gpt::cuda_on_cpu
