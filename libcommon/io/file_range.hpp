#pragma once

#include <cstdint>
#include <limits>
#include <memory>
#include <string>

#include "libcommon/io/byte_source.hpp"

namespace gpt::io {

// A whole input, or the lines of a plain file whose first byte lies at begin or later and before end. Ranges
// that meet share no line and leave none out.
struct FileRange {
  static constexpr std::uint64_t kToTheEnd = std::numeric_limits<std::uint64_t>::max();

  std::string path;
  std::uint64_t begin = 0;
  std::uint64_t end = kToTheEnd;

  bool is_whole() const { return begin == 0 && end == kToTheEnd; }
};

// Opens a whole input as open_input_or_throw does, or the lines of a range; the file must then be a regular
// one and not compressed. A range that does not begin the file is named "pages.jsonl (from byte 1048576)" in
// messages, since line numbers count from there.
std::unique_ptr<ByteSource> open_range_or_throw(const FileRange& range);

}  // namespace gpt::io
