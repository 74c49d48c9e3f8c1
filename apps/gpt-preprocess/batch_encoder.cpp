#include "apps/gpt-preprocess/batch_encoder.hpp"

#include "libcommon/io/byte_source.hpp"
#include "libcommon/io/errors.hpp"
#include "libcommon/tokenizer/word_merger.hpp"

namespace gpt::preprocess {
namespace {

// Ids of a document that are handed on rather than copied.
constexpr std::size_t kLargeDocument = std::size_t{1} << 20;

}  // namespace

text::SentenceSplitter make_splitter_or_throw(const SentenceSettings& settings) {
  if (settings.prefix_file.empty()) return {settings.mode, settings.language};
  auto list =
      text::parse_prefix_list_or_throw(io::read_file_or_throw(settings.prefix_file), settings.prefix_file);
  return {settings.language, text::Newlines::end_sentences, std::move(list)};
}

BatchEncoder::BatchEncoder(const EncodeSettings& settings, const tokenizer::Tokenizer& tokenizer)
    : settings_(settings),
      encoder_(tokenizer.make_encoder(settings.special_tokens)),
      parser_(settings.keys.front()),
      record_(settings.keys.size()) {
  if (settings.eod == EndOfDocument::append) end_of_document_ = tokenizer.end_of_document_id_or_throw();
  if (settings.sentences) splitter_.emplace(make_splitter_or_throw(*settings.sentences));
}

EncodedBatch BatchEncoder::encode_or_throw(io::LineBatch lines, io::DocumentFormat format) {
  EncodedBatch batch;
  batch.fields.resize(settings_.keys.size());
  batch.input_bytes = lines.bytes.size();
  io::FieldBatch records =
      io::parse_fields_or_throw(lines, parser_, format, settings_.keys, settings_.on_error);
  batch.errors = std::move(records.errors);
  lines.bytes = {};  // one document may be most of the memory
  for (std::size_t i = 0; i < records.values.size(); ++i) {
    try {
      for (std::size_t k = 0; k < record_.size(); ++k) encode_text_or_throw(records.values[i][k], record_[k]);
      take_record(batch, records.values[i]);
    } catch (const tokenizer::UnknownByte& unknown) {
      batch.errors.add_or_throw(io::DataError(*lines.file, records.lines[i], unknown.what()));
    }
  }
  return batch;
}

void BatchEncoder::encode_text_or_throw(const std::string& text, Sequences& sequences) {
  sequences.ids.clear();
  sequences.lengths.clear();
  const auto encode = [&](std::string_view sentence) {
    const std::size_t before = sequences.ids.size();
    encoder_.append_or_throw(sentence, sequences.ids);
    if (sequences.ids.size() > before) sequences.lengths.push_back(sequences.ids.size() - before);
  };
  if (text.size() > kLargeDocument) sequences.ids.reserve(text.size() / 3);  // growing would need it twice
  if (!splitter_) return encode(text);
  for (const std::string_view sentence : splitter_->split(text, settings_.sentences->surroundings))
    encode(sentence);
}

void BatchEncoder::take_record(EncodedBatch& batch, const std::vector<std::string>& texts) {
  ++batch.documents;
  for (std::size_t k = 0; k < record_.size(); ++k) {
    Sequences& record = record_[k];
    EncodedField& field = batch.fields[k];
    batch.text_bytes += texts[k].size();
    if (record.lengths.empty()) {
      ++batch.empty_fields;
      if (settings_.empty == EmptyDocuments::keep) field.sequences.push_back(0);
      continue;
    }
    if (end_of_document_) {
      record.ids.push_back(*end_of_document_);
      ++record.lengths.back();
    }
    if (field.ids.empty() && record.ids.size() > kLargeDocument) {
      field.ids = std::move(record.ids);
      record.ids = {};
    } else {
      field.ids.insert(field.ids.end(), record.ids.begin(), record.ids.end());
    }
    field.lengths.insert(field.lengths.end(), record.lengths.begin(), record.lengths.end());
    field.sequences.push_back(static_cast<std::uint32_t>(record.lengths.size()));
  }
}

}  // namespace gpt::preprocess
