#include "libcommon/text/mark_piles.hpp"

#include <unicode/uchar.h>

#include "libcommon/text/plain_latin.hpp"
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
  if (is_plain_latin(text)) return false;
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
