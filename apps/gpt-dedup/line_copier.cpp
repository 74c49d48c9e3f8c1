#include "apps/gpt-dedup/line_copier.hpp"

namespace gpt::dedup {

LineCopier::LineCopier(const std::string& output, const std::string& text_key)
    : writer_(output, text_key), parser_(text_key) {}

void LineCopier::append_or_throw(std::string& out, const io::LineBatch& batch, std::uint64_t number,
                                 io::DocumentFormat from) {
  const std::string_view line = batch.line(number - batch.first_line);
  io::Document document;
  if (writer_.keeps_lines_of(from)) {
    // Its text is not looked at.
  } else if (from == io::DocumentFormat::jsonl) {
    document = parser_.parse_or_throw(line, *batch.file, number);
  } else {
    document.text = line.ends_with('\r') ? line.substr(0, line.size() - 1) : line;
  }
  writer_.append(out, line, document, from);
}

}  // namespace gpt::dedup
