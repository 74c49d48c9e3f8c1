#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "libcommon/io/document.hpp"
#include "libcommon/io/line_reader.hpp"
#include "libcommon/io/record_errors.hpp"
#include "libcommon/tokenizer/encoder.hpp"

namespace gpt::preprocess {

enum class EndOfDocument { none, append };
enum class EmptyDocuments { leave_out, keep };

struct EncodeSettings {
  std::vector<std::string> keys;  // a dataset each; at least one
  EndOfDocument eod = EndOfDocument::none;
  EmptyDocuments empty = EmptyDocuments::leave_out;
  io::OnError on_error = io::OnError::fail;
};

// The ids of one field of some documents, back to back.
struct EncodedField {
  std::vector<tokenizer::TokenId> ids;
  std::vector<std::size_t> lengths;  // ids of each document that stays; 0: kept though empty
};

struct EncodedBatch {
  std::vector<EncodedField> fields;  // by EncodeSettings::keys
  std::uint64_t documents = 0;       // read, the empty ones too
  std::uint64_t empty_fields = 0;    // without a token
  std::uint64_t text_bytes = 0;
  std::uint64_t input_bytes = 0;
  io::RecordErrors errors;
};

// Parses and encodes batches of lines; one a thread.
class BatchEncoder {
 public:
  // Throws io::DataError when documents are to be ended and the vocabulary has no <|endoftext|>.
  BatchEncoder(const EncodeSettings& settings, tokenizer::ByteLevelBpe vocabulary);

  // Throws io::DataError for a bad record when settings say so: no JSON, no such field, no UTF-8, a byte
  // without a token. A record is taken with all its fields or not at all.
  EncodedBatch encode_or_throw(const io::LineBatch& lines, io::DocumentFormat format);

 private:
  void encode_line(std::string_view line, io::DocumentFormat format, const std::string& file,
                   std::uint64_t number);
  void read_texts(std::string_view line, io::DocumentFormat format, const std::string& file,
                  std::uint64_t number);
  void take_record(EncodedBatch& batch);

  const EncodeSettings& settings_;
  tokenizer::Encoder encoder_;
  std::optional<tokenizer::TokenId> end_of_document_;
  io::DocumentParser parser_;
  // The record in hand, by key.
  std::vector<std::string> texts_;
  std::vector<std::vector<tokenizer::TokenId>> ids_;
};

}  // namespace gpt::preprocess
