#include "libcommon/io/document_batch.hpp"

#include <algorithm>
#include <string>
#include <string_view>

#include "libcommon/text/utf8.hpp"

namespace gpt::io {
namespace {

bool is_blank(std::string_view line) {
  return std::all_of(line.begin(), line.end(), [](char c) { return c == ' ' || c == '\t' || c == '\r'; });
}

std::string_view text_of_line_or_throw(std::string_view line, const std::string& file, std::uint64_t number) {
  if (!text::is_valid_utf8(line)) throw DataError(file, number, "not valid UTF-8");
  if (line.ends_with('\r')) line.remove_suffix(1);
  return line;
}

Document text_document_or_throw(std::string_view line, const std::string& file, std::uint64_t number) {
  Document document;
  document.text = text_of_line_or_throw(line, file, number);
  return document;
}

}  // namespace

DocumentBatch parse_batch_or_throw(const LineBatch& batch, DocumentParser& parser, DocumentFormat format,
                                   OnError on_error, InvalidUtf8 invalid_utf8) {
  DocumentBatch result;
  result.errors = RecordErrors(on_error);
  result.documents.reserve(batch.size());
  result.lines.reserve(batch.size());
  std::string repaired;
  for (std::size_t i = 0; i < batch.size(); ++i) {
    std::string_view line = batch.line(i);
    const std::uint64_t number = batch.first_line + i;
    if (format == DocumentFormat::jsonl && is_blank(line)) continue;
    bool needs_repair = false;
    if (invalid_utf8 == InvalidUtf8::replace && !text::is_valid_utf8(line)) {
      repaired = text::repair_utf8(line);
      line = repaired;
      needs_repair = true;
    }
    try {
      result.documents.push_back(format == DocumentFormat::text
                                     ? text_document_or_throw(line, *batch.file, number)
                                     : parser.parse_or_throw(line, *batch.file, number));
      result.lines.push_back(number);
      result.repaired.push_back(needs_repair);
    } catch (const DataError& error) {
      result.errors.add_or_throw(error);
    }
  }
  return result;
}

RecordErrors for_each_record_or_throw(const LineBatch& batch, DocumentParser& parser, DocumentFormat format,
                                      std::span<const std::string> keys, ListValues lists, OnError on_error,
                                      const std::function<void(const RecordView&)>& visit) {
  RecordErrors errors(on_error);
  const char* const readable_end = batch.bytes.data() + batch.bytes.capacity();
  const std::size_t lines = batch.size();
  for (std::size_t i = 0; i < lines; ++i) {
    const std::string_view line = batch.line(i);
    const std::uint64_t number = batch.first_line + i;
    if (format == DocumentFormat::jsonl && is_blank(line)) continue;
    std::string_view text;
    const FieldView whole_line{std::span(&text, 1)};
    std::span<const FieldView> values(&whole_line, 1);
    try {
      if (format == DocumentFormat::text) {
        text = text_of_line_or_throw(line, *batch.file, number);
      } else {
        values = parser.field_views_or_throw(line, *batch.file, number, keys, lists,
                                             static_cast<std::size_t>(readable_end - line.end()));
      }
    } catch (const DataError& error) {
      errors.add_or_throw(error);
      continue;
    }
    visit({values, number});
    if (format == DocumentFormat::jsonl) parser.forget_large_line();
  }
  return errors;
}

FieldBatch parse_fields_or_throw(const LineBatch& batch, DocumentParser& parser, DocumentFormat format,
                                 std::span<const std::string> keys, OnError on_error) {
  FieldBatch result;
  result.values.reserve(batch.size());
  result.lines.reserve(batch.size());
  result.errors = for_each_record_or_throw(batch, parser, format, keys, ListValues::refused, on_error,
                                           [&](const RecordView& record) {
                                             auto& values = result.values.emplace_back();
                                             for (const FieldView& field : record.values)
                                               values.emplace_back(field.texts.front());
                                             result.lines.push_back(record.line);
                                           });
  return result;
}

}  // namespace gpt::io
