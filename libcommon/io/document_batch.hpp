#pragma once

#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <vector>

#include "libcommon/io/document.hpp"
#include "libcommon/io/line_reader.hpp"
#include "libcommon/io/record_errors.hpp"

namespace gpt::io {

// What becomes of a line that is not valid UTF-8: a bad record, or read with U+FFFD for what is broken.
enum class InvalidUtf8 { refuse, replace };

// The documents of some consecutive lines of one file.
struct DocumentBatch {
  std::vector<Document> documents;
  std::vector<std::uint64_t> lines;  // of documents[i], in its file, from 1
  std::vector<bool> repaired;        // documents[i] was read with InvalidUtf8::replace and needed it
  RecordErrors errors;
};

// Reads every line of a batch as a document. JSON Lines: blank lines are passed over. Text: each line is a
// document, the empty ones too; a '\r' at its end is no part of it. A bad record throws DataError or is
// counted, as the policy says.
DocumentBatch parse_batch_or_throw(const LineBatch& batch, DocumentParser& parser, DocumentFormat format,
                                   OnError on_error, InvalidUtf8 invalid_utf8 = InvalidUtf8::refuse);

// Some fields of one record. The values are in the order of keys and hold until visit returns, also when the
// batch's bytes are freed by it, unless the format is text.
struct RecordView {
  std::span<const FieldView> values;
  std::uint64_t line;  // in its file, from 1
};

// Calls visit for the fields `keys` of every document; lines and bad records as above. Of a text, whose lines
// have no fields, there is one value, whatever its key: the line. What visit throws is not a bad record.
RecordErrors for_each_record_or_throw(const LineBatch& batch, DocumentParser& parser, DocumentFormat format,
                                      std::span<const std::string> keys, ListValues lists, OnError on_error,
                                      const std::function<void(const RecordView&)>& visit);

// Some fields of the documents of some consecutive lines of one file.
struct FieldBatch {
  std::vector<std::vector<std::string>> values;  // by document; then in the order of keys
  std::vector<std::uint64_t> lines;              // of values[i], in its file, from 1
  RecordErrors errors;
};

// The same at once.
FieldBatch parse_fields_or_throw(const LineBatch& batch, DocumentParser& parser, DocumentFormat format,
                                 std::span<const std::string> keys, OnError on_error);

}  // namespace gpt::io
