#pragma once

#include <string>
#include <string_view>

#include "libcommon/io/errors.hpp"

namespace gpt::io {

// The bytes behind U+FEFF in UTF-8, where a text begins with it.
inline std::string_view without_byte_order_mark(std::string_view text) {
  constexpr std::string_view kMark = "\xEF\xBB\xBF";
  if (text.starts_with(kMark)) text.remove_prefix(kMark.size());
  return text;
}

// The same of a file's beginning. Throws DataError where the mark is that of UTF-16 or UTF-32.
inline std::string_view without_byte_order_mark_or_throw(std::string_view text, const std::string& file) {
  if (text.starts_with("\xFF\xFE") || text.starts_with("\xFE\xFF"))
    throw DataError(file,
                    "is UTF-16 (or UTF-32) by its byte order mark, and UTF-8 is needed: iconv -f UTF-16 "
                    "-t UTF-8 makes it so");
  return without_byte_order_mark(text);
}

}  // namespace gpt::io
