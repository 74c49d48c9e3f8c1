#pragma once

#include <string_view>

namespace gpt::io {

// The bytes behind U+FEFF in UTF-8, where a text begins with it.
inline std::string_view without_byte_order_mark(std::string_view text) {
  constexpr std::string_view kMark = "\xEF\xBB\xBF";
  if (text.starts_with(kMark)) text.remove_prefix(kMark.size());
  return text;
}

}  // namespace gpt::io
