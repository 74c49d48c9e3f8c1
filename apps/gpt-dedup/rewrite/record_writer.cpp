#include "apps/gpt-dedup/rewrite/record_writer.hpp"

#include <utility>

namespace gpt::dedup {

RecordWriter::RecordWriter(const std::string& output, std::string text_key)
    : format_(io::document_format_of_name(output)),
      output_is_pipe_(output == "-"),
      text_key_(std::move(text_key)) {}

void RecordWriter::append(std::string& out, std::string_view line, const io::Document& document,
                          io::DocumentFormat from) const {
  if (keeps_lines_of(from))
    out.append(line).push_back('\n');
  else
    append_changed(out, document, from);
}

void RecordWriter::append_changed(std::string& out, const io::Document& document, io::DocumentFormat from,
                                  std::string_view extra) const {
  if (format_for(from) == io::DocumentFormat::text)
    append_as_line(out, document.text);
  else if (extra.empty())
    io::append_json_record(out, document, text_key_);
  else
    io::append_json_record_with(out, document, extra, text_key_);
}

void append_as_line(std::string& out, std::string_view text) {
  for (const char c : text) out.push_back(c == '\n' || c == '\r' ? ' ' : c);
  out.push_back('\n');
}

}  // namespace gpt::dedup
