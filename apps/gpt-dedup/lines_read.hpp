#pragma once

#include <cstdint>

#include "libcommon/io/line_reader.hpp"

namespace gpt::dedup {

// What the lines of an input were, however they were read: how many, and the sum of their checksums, each
// seeded with the line's number.
struct LinesRead {
  std::uint64_t count = 0;
  std::uint64_t sum = 0;

  bool operator==(const LinesRead&) const = default;
};
// Of the lines of a batch alone; count is the number of its last.
LinesRead lines_read(const io::LineBatch& batch);

}  // namespace gpt::dedup
