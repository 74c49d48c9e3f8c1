#include "apps/gpt-bpe-train/count/text_units.hpp"

#include <algorithm>

#include "libcommon/text/utf8.hpp"

namespace gpt::bpe_train {

std::string_view without_line_end(std::string_view line) {
  if (line.ends_with('\n')) line.remove_suffix(1);
  if (line.ends_with('\r')) line.remove_suffix(1);
  return line;
}

bool is_blank(std::string_view line) {
  return std::all_of(line.begin(), line.end(),
                     [](char c) { return c == ' ' || c == '\t' || c == '\r' || c == '\n'; });
}

void check_utf8_or_throw(std::string_view line, const TextBlock& block, std::uint64_t number) {
  if (!text::is_valid_utf8(line)) throw io::DataError(*block.file, number, "not valid UTF-8");
}

}  // namespace gpt::bpe_train
