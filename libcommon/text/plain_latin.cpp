#include "libcommon/text/plain_latin.hpp"

#include <algorithm>
#include <cstddef>

#include "libcommon/text/utf8.hpp"

namespace gpt::text {
namespace {

constexpr std::size_t kBlock = 64;
constexpr unsigned char kFirstBeyond = 0xCC;  // begins U+0300

// Of a whole block. Without an early exit, so that the compiler looks at many bytes at once.
bool holds_high_lead(const char* block) {
  unsigned char greatest = 0;
  for (std::size_t i = 0; i < kBlock; ++i)
    greatest = std::max(greatest, static_cast<unsigned char>(block[i]));
  return greatest >= kFirstBeyond;
}

// Of U+2000 to U+2FFF, U+1F000 to U+1FFFF and the variation selectors that pictures have: not the marks, nor
// the spaces and signs that have another form.
bool is_plain_symbol(char32_t point) {
  if (point >= 0x1F000 && point < 0x20000) return true;
  if ((point >= 0xFE00 && point <= 0xFE0F) || point == 0xFEFF || point == 0xFFFD) return true;
  if (point < 0x2002 || point >= 0x3000) return false;
  const bool is_mark = (point >= 0x20D0 && point <= 0x20F0) || (point >= 0x2CEF && point <= 0x2CF1) ||
                       point == 0x2D7F || (point >= 0x2DE0 && point <= 0x2DFF);
  const bool has_other_form = point == 0x2126 || point == 0x212A || point == 0x212B || point == 0x2329 ||
                              point == 0x232A || point == 0x2ADC;
  return !is_mark && !has_other_form;
}

}  // namespace

bool is_plain_latin(std::string_view text) {
  for (std::size_t begin = 0; begin < text.size(); begin += kBlock) {
    const std::size_t end = std::min(begin + kBlock, text.size());
    if (end - begin == kBlock && !holds_high_lead(text.data() + begin)) continue;
    for (std::size_t at = begin; at < end; ++at) {
      const auto byte = static_cast<unsigned char>(text[at]);
      if (byte >= kFirstBeyond && !is_plain_symbol(decode_utf8(text.substr(at)).point)) return false;
    }
  }
  return true;
}

}  // namespace gpt::text
