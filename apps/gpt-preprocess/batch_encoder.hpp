#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "libcommon/dataset/token_type.hpp"
#include "libcommon/io/document_batch.hpp"
#include "libcommon/io/line_reader.hpp"
#include "libcommon/io/record_errors.hpp"
#include "libcommon/text/sentences.hpp"
#include "libcommon/tokenizer/tokenizer.hpp"

namespace gpt::preprocess {

enum class EndOfDocument { none, append };
enum class EmptyDocuments { leave_out, keep };

// How documents are cut into sentences.
struct SentenceSettings {
  text::SentenceMode mode = text::SentenceMode::rules;
  std::string language = "en";
  std::string prefix_file;  // a list of one's own in place of the language's; empty: none
  text::Surroundings surroundings = text::Surroundings::stripped;
};

// Throws where the list of prefixes cannot be read.
text::SentenceSplitter make_splitter_or_throw(const SentenceSettings& settings);

struct EncodeSettings {
  std::vector<std::string> keys;  // a dataset each; at least one
  EndOfDocument eod = EndOfDocument::none;
  EmptyDocuments empty = EmptyDocuments::leave_out;
  io::OnError on_error = io::OnError::fail;
  std::optional<SentenceSettings> sentences = std::nullopt;  // empty: a document is one sequence
  tokenizer::SpecialTokens special_tokens = tokenizer::SpecialTokens::are_text;
  dataset::TokenType token_type = dataset::TokenType::i32;  // of the datasets
};

// The ids of one field of some documents, back to back.
struct EncodedField {
  std::string ids;                       // as bytes of EncodeSettings::token_type
  std::vector<std::size_t> lengths;      // ids of each sequence: a sentence, or a whole document
  std::vector<std::uint32_t> sequences;  // of each document that stays; 0: kept though empty
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
  // Throws io::DataError when documents are to be ended and the vocabulary has no token for it.
  BatchEncoder(const EncodeSettings& settings, const tokenizer::Tokenizer& tokenizer);

  // Throws io::DataError for a bad record when settings say so: no JSON, no such field, no UTF-8, a byte
  // without a token. A record is taken with all its fields or not at all.
  EncodedBatch encode_or_throw(io::LineBatch lines, io::DocumentFormat format);

 private:
  void take_record_or_throw(EncodedBatch& batch, std::span<const io::FieldView> values);
  void append_value_or_throw(EncodedField& field, const io::FieldView& value);
  void append_sequence_or_throw(EncodedField& field, std::string_view text);
  void end_document(EncodedBatch& batch, EncodedField& field, std::size_t sequences);

  const EncodeSettings& settings_;
  tokenizer::TextEncoder encoder_;
  std::optional<tokenizer::TokenId> end_of_document_;
  std::optional<text::SentenceSplitter> splitter_;
  io::DocumentParser parser_;
};

}  // namespace gpt::preprocess
