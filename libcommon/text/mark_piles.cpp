#include "libcommon/text/mark_piles.hpp"

#include <algorithm>

#include <unicode/uchar.h>

#include "libcommon/text/utf8.hpp"

namespace gpt::text {
namespace {

// Length of the run of marks that ends with each code point, 0 for what is no mark.
class MarkRun {
 public:
  std::size_t length_with(char32_t point) {
    const bool is_mark = point >= 0x300 && u_getCombiningClass(static_cast<UChar32>(point)) != 0;
    length_ = is_mark ? length_ + 1 : 0;
    return length_;
  }

 private:
  std::size_t length_ = 0;
};

}  // namespace

bool has_mark_pile(std::string_view text) {
  // Marks begin with U+0300, the first byte of which is 0xCC; most Latin text has no such byte.
  const auto may_begin_mark = [](char c) { return static_cast<unsigned char>(c) >= 0xCC; };
  if (std::none_of(text.begin(), text.end(), may_begin_mark)) return false;
  MarkRun run;
  bool found = false;
  for_each_code_point(text, [&](char32_t point, std::size_t, std::size_t) {
    found = run.length_with(point) > kMostMarks || found;
  });
  return found;
}

std::string cut_mark_piles(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  MarkRun run;
  for_each_code_point(text, [&](char32_t point, std::size_t begin, std::size_t length) {
    if (run.length_with(point) <= kMostMarks) out.append(text.substr(begin, length));
  });
  return out;
}

}  // namespace gpt::text
