#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace gpt::io {

// How a documents file is laid out: one JSON object a line, or one line of text a document.
enum class DocumentFormat { jsonl, text };

// By name: ".txt", ".txt.gz", ".txt.zst" are text, all else is JSON Lines.
DocumentFormat document_format_of_name(std::string_view path);

// One record of a documents file (docs/formats/documents.md). The text is decoded; everything else of the
// record is kept as the bytes it was read from.
struct Document {
  std::string text;
  // The line as read, without fields of the text's key that do not count; empty for DocumentFormat::text.
  std::string record;
  std::size_t value_begin = 0;  // where the value of the text field lies in record, quotes included
  std::size_t value_end = 0;
};

// Whether a field may be a list of strings in place of a string.
enum class ListValues { refused, accepted };

// The value of a field: one string, or those of a list.
struct FieldView {
  std::span<const std::string_view> texts;
  bool is_list = false;
};

// Reads records; one parser a thread.
class DocumentParser {
 public:
  // text_key: the field that holds the text.
  explicit DocumentParser(std::string text_key = "text");
  ~DocumentParser();
  DocumentParser(DocumentParser&&) noexcept;

  // The document of one JSON line; of a field given several times the last counts. Throws DataError naming
  // file and line when it is not a JSON object in valid UTF-8, or the field is missing or no string.
  Document parse_or_throw(std::string_view json_line, const std::string& file, std::uint64_t line);

  // The string values of several fields of one line, in the order of keys, and nothing else: for those who do
  // not write records again. Throws as above.
  std::vector<std::string> fields_or_throw(std::string_view json_line, const std::string& file,
                                           std::uint64_t line, std::span<const std::string> keys);

  // The same as views, without a copy of a value; they hold until the parser is used again or forgets.
  // readable_behind: bytes behind the line that may be read, whatever they hold; where they are 64 or more
  // the line is read where it is.
  std::span<const FieldView> field_views_or_throw(std::string_view json_line, const std::string& file,
                                                  std::uint64_t line, std::span<const std::string> keys,
                                                  ListValues lists, std::size_t readable_behind = 0);
  // Gives memory back that a line of many megabytes took.
  void forget_large_line();

  // A further field of the line last parsed: its string value, if it is there and a string.
  std::optional<std::string> string_field(std::string_view key);

 private:
  class Body;
  std::unique_ptr<Body> body_;
};

// Appends the record with its text replaced, other fields byte for byte as they were, and a '\n'. A document
// without a record (from a text file) becomes {"text": ...} under text_key.
void append_json_record(std::string& out, const Document& document, std::string_view text_key = "text");
// Appends extra fields: extra is the inside of a JSON object (`"language":"sv"`), put before the closing
// brace.
void append_json_record_with(std::string& out, const Document& document, std::string_view extra,
                             std::string_view text_key = "text");

}  // namespace gpt::io
