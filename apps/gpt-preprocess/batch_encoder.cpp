#include "apps/gpt-preprocess/batch_encoder.hpp"

#include <algorithm>

#include "libcommon/io/errors.hpp"
#include "libcommon/text/utf8.hpp"
#include "libcommon/tokenizer/word_merger.hpp"

namespace gpt::preprocess {
namespace {

bool is_blank(std::string_view line) {
  return std::all_of(line.begin(), line.end(), [](char c) { return c == ' ' || c == '\t' || c == '\r'; });
}

}  // namespace

BatchEncoder::BatchEncoder(const EncodeSettings& settings, tokenizer::ByteLevelBpe vocabulary)
    : settings_(settings),
      encoder_(std::move(vocabulary)),
      parser_(settings.keys.front()),
      texts_(settings.keys.size()),
      ids_(settings.keys.size()) {
  if (settings.eod == EndOfDocument::append)
    end_of_document_ = encoder_.vocabulary().end_of_document_id_or_throw();
}

EncodedBatch BatchEncoder::encode_or_throw(const io::LineBatch& lines, io::DocumentFormat format) {
  EncodedBatch batch;
  batch.fields.resize(settings_.keys.size());
  batch.errors = io::RecordErrors(settings_.on_error);
  batch.input_bytes = lines.bytes.size();
  for (std::size_t i = 0; i < lines.size(); ++i) {
    const std::string_view line = lines.line(i);
    if (format == io::DocumentFormat::jsonl && is_blank(line)) continue;
    try {
      encode_line(line, format, *lines.file, lines.first_line + i);
      take_record(batch);
    } catch (const io::DataError& error) {
      batch.errors.add_or_throw(error);
    }
  }
  return batch;
}

void BatchEncoder::encode_line(std::string_view line, io::DocumentFormat format, const std::string& file,
                               std::uint64_t number) {
  read_texts(line, format, file, number);
  for (std::size_t k = 0; k < texts_.size(); ++k) {
    ids_[k].clear();
    try {
      encoder_.append_or_throw(texts_[k], ids_[k]);
    } catch (const tokenizer::UnknownByte& unknown) {
      throw io::DataError(file, number, unknown.what());
    }
  }
}

void BatchEncoder::read_texts(std::string_view line, io::DocumentFormat format, const std::string& file,
                              std::uint64_t number) {
  if (format == io::DocumentFormat::text) {
    if (!text::is_valid_utf8(line)) throw io::DataError(file, number, "not valid UTF-8");
    if (line.ends_with('\r')) line.remove_suffix(1);
    texts_.front().assign(line);
    return;
  }
  texts_.front() = parser_.parse_or_throw(line, file, number).text;
  for (std::size_t k = 1; k < texts_.size(); ++k) {
    auto text = parser_.string_field(settings_.keys[k]);
    if (!text)
      throw io::DataError(file, number, "the field \"" + settings_.keys[k] + "\" is missing or no string");
    texts_[k] = std::move(*text);
  }
}

void BatchEncoder::take_record(EncodedBatch& batch) {
  ++batch.documents;
  for (std::size_t k = 0; k < ids_.size(); ++k) {
    EncodedField& field = batch.fields[k];
    batch.text_bytes += texts_[k].size();
    if (ids_[k].empty()) {
      ++batch.empty_fields;
      if (settings_.empty == EmptyDocuments::keep) field.lengths.push_back(0);
      continue;
    }
    if (end_of_document_) ids_[k].push_back(*end_of_document_);
    field.ids.insert(field.ids.end(), ids_[k].begin(), ids_[k].end());
    field.lengths.push_back(ids_[k].size());
  }
}

}  // namespace gpt::preprocess
