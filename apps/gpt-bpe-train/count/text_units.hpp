#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "apps/gpt-bpe-train/count/sample.hpp"
#include "apps/gpt-bpe-train/count/text_blocks.hpp"
#include "libcommon/io/document.hpp"
#include "libcommon/io/record_errors.hpp"

namespace gpt::bpe_train {

// What is split into words on its own, so that no word reaches across: a line with its end (as Hugging Face
// tokenizers reads files), or a document.
enum class Unit { line, document };

// Calls visit(text) for each piece of text up to and with a '\n'.
template <class Visit>
void for_each_line(std::string_view text, Visit visit) {
  while (!text.empty()) {
    const std::size_t end = text.find('\n');
    const std::size_t size = end == std::string_view::npos ? text.size() : end + 1;
    visit(text.substr(0, size));
    text.remove_prefix(size);
  }
}

// The line without its end.
std::string_view without_line_end(std::string_view line);

// How many documents of a block were counted, and how many the sample left out.
struct DocumentCounts {
  std::uint64_t taken = 0;
  std::uint64_t left_out = 0;
};

// Calls visit(text) for each unit of a block of a text file, one document a line, that the sample takes.
// Lines that are not valid UTF-8 go to errors.
template <class Visit>
DocumentCounts for_each_text_unit(const TextBlock& block, Unit unit, const Sample& sample,
                                  io::RecordErrors& errors, Visit visit);

// The same for a block of JSON Lines.
template <class Visit>
DocumentCounts for_each_json_unit(const TextBlock& block, Unit unit, const Sample& sample,
                                  io::DocumentParser& parser, io::RecordErrors& errors, Visit visit);

// Whether a line of JSON Lines is passed over.
bool is_blank(std::string_view line);
// Throws io::DataError unless the line is valid UTF-8.
void check_utf8_or_throw(std::string_view line, const TextBlock& block, std::uint64_t number);

// Whether the sample takes the document that begins with this line of the block.
inline bool takes(const Sample& sample, const TextBlock& block, std::string_view line) {
  return sample.takes(block.input,
                      block.begin + static_cast<std::uint64_t>(line.data() - block.bytes.data()));
}

template <class Visit>
DocumentCounts for_each_text_unit(const TextBlock& block, Unit unit, const Sample& sample,
                                  io::RecordErrors& errors, Visit visit) {
  DocumentCounts documents;
  std::uint64_t number = block.first_line - 1;
  for_each_line(block.bytes, [&](std::string_view line) {
    ++number;
    if (!takes(sample, block, line)) {
      ++documents.left_out;
      return;
    }
    try {
      check_utf8_or_throw(line, block, number);
      visit(unit == Unit::line ? line : without_line_end(line));
      ++documents.taken;
    } catch (const io::DataError& error) {
      errors.add_or_throw(error);
    }
  });
  return documents;
}

template <class Visit>
DocumentCounts for_each_json_unit(const TextBlock& block, Unit unit, const Sample& sample,
                                  io::DocumentParser& parser, io::RecordErrors& errors, Visit visit) {
  DocumentCounts documents;
  std::uint64_t number = block.first_line - 1;
  for_each_line(block.bytes, [&](std::string_view line) {
    ++number;
    if (is_blank(line)) return;
    if (!takes(sample, block, line)) {
      ++documents.left_out;
      return;
    }
    try {
      const io::Document document = parser.parse_or_throw(without_line_end(line), *block.file, number);
      if (unit == Unit::line) {
        for_each_line(document.text, visit);
      } else {
        visit(std::string_view(document.text));
      }
      ++documents.taken;
    } catch (const io::DataError& error) {
      errors.add_or_throw(error);
    }
  });
  return documents;
}

}  // namespace gpt::bpe_train
