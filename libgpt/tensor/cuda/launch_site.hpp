#pragma once

#include <concepts>
#include <cstdint>
#include <source_location>
#include <stdexcept>
#include <string>

namespace gpt::tensor {

// The blocks of a launch, and the line that launches them, for messages. Converts from what a caller has: a
// number of blocks, or a dim3.
template <class Dim3>
struct LaunchGrid {
  Dim3 blocks;
  std::source_location site;

  template <std::integral Count>
  LaunchGrid(Count count, std::source_location at = std::source_location::current())
      : blocks(checked(static_cast<std::int64_t>(count), at)), site(at) {}
  LaunchGrid(Dim3 extent, std::source_location at = std::source_location::current())
      : blocks(extent), site(at) {}

  // No block: nothing to do, and CUDA would call it an error.
  bool empty() const { return blocks.x == 0 || blocks.y == 0 || blocks.z == 0; }
  std::string where() const { return std::string(site.file_name()) + ":" + std::to_string(site.line()); }

 private:
  static unsigned checked(std::int64_t count, const std::source_location& at) {
    if (count < 0 || count > 0x7FFFFFFF)
      throw std::invalid_argument(std::string(at.file_name()) + ":" + std::to_string(at.line()) +
                                  ": a launch of " + std::to_string(count) + " blocks");
    return static_cast<unsigned>(count);
  }
};

}  // namespace gpt::tensor
