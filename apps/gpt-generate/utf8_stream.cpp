#include "apps/gpt-generate/utf8_stream.hpp"

#include <algorithm>
#include <utility>

#include "libcommon/text/utf8.hpp"

namespace gpt::generate_tool {
namespace {

// How many bytes at the end begin a character that could still become whole.
std::size_t open_bytes(std::string_view text) {
  const std::size_t longest = std::min<std::size_t>(3, text.size());
  for (std::size_t length = 1; length <= longest; ++length) {
    const auto lead = static_cast<unsigned char>(text[text.size() - length]);
    if ((lead & 0xC0u) == 0x80u) continue;  // within a character
    const std::size_t wanted = lead >= 0xF0 ? 4 : lead >= 0xE0 ? 3 : lead >= 0xC0 ? 2 : 1;
    if (length >= wanted) return 0;
    // Several replacements for it mean that no continuation can make it whole.
    const auto decoded = text::decode_utf8(text.substr(text.size() - length));
    const bool hopeless = lead < 0xC2 || lead > 0xF4 || decoded.length != length;
    return hopeless ? 0 : length;
  }
  return 0;
}

}  // namespace

std::string Utf8Stream::push(std::string_view bytes) {
  held_ += bytes;
  const std::size_t open = open_bytes(held_);
  std::string open_end = held_.substr(held_.size() - open);
  held_.resize(held_.size() - open);
  return text::repair_utf8(std::exchange(held_, std::move(open_end)));
}

std::string Utf8Stream::finish() { return text::repair_utf8(std::exchange(held_, {})); }

}  // namespace gpt::generate_tool
