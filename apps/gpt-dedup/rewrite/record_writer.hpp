#pragma once

#include <string>
#include <string_view>
#include <utility>

#include "libcommon/io/document.hpp"

namespace gpt::dedup {

// Documents as lines of the output, in the format that its name asks for; on stdout in the one they had.
class RecordWriter {
 public:
  RecordWriter(const std::string& output, std::string text_key);
  // Whatever they had, in this format.
  RecordWriter(io::DocumentFormat format, std::string text_key)
      : format_(format), output_is_pipe_(false), text_key_(std::move(text_key)) {}

  // Whether a line of that format goes out as it is.
  bool keeps_lines_of(io::DocumentFormat from) const { return format_for(from) == from; }
  // Appends the document, in the bytes of its line where the format stays.
  void append(std::string& out, std::string_view line, const io::Document& document,
              io::DocumentFormat from) const;
  // Appends it with its text, which was changed; extra: further fields as append_json_record_with takes them,
  // left out of text files.
  void append_changed(std::string& out, const io::Document& document, io::DocumentFormat from,
                      std::string_view extra = "") const;

 private:
  io::DocumentFormat format_for(io::DocumentFormat from) const { return output_is_pipe_ ? from : format_; }

  io::DocumentFormat format_;
  bool output_is_pipe_;
  std::string text_key_;
};

// Appends a text as one line of a text file: line ends inside it become spaces.
void append_as_line(std::string& out, std::string_view text);

}  // namespace gpt::dedup
