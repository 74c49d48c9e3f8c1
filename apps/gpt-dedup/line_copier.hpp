#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "apps/gpt-dedup/rewrite/record_writer.hpp"
#include "libcommon/io/document.hpp"
#include "libcommon/io/line_reader.hpp"

namespace gpt::dedup {

// Writes documents as they were read: the same bytes where input and output have one format, else converted.
class LineCopier {
 public:
  // output: its name says the format; "-" takes every document in the format it was read in.
  LineCopier(const std::string& output, const std::string& text_key);

  // Appends the document that stands in line `number` of its file.
  void append_or_throw(std::string& out, const io::LineBatch& batch, std::uint64_t number,
                       io::DocumentFormat from);

 private:
  RecordWriter writer_;
  io::DocumentParser parser_;
};

}  // namespace gpt::dedup
