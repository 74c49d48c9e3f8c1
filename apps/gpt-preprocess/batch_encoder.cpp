#include "apps/gpt-preprocess/batch_encoder.hpp"

#include "libcommon/dataset/token_bytes.hpp"
#include "libcommon/io/byte_source.hpp"
#include "libcommon/io/errors.hpp"
#include "libcommon/tokenizer/word_merger.hpp"

namespace gpt::preprocess {
namespace {

// Bytes of text for which room is made at once.
constexpr std::size_t kLargeDocument = std::size_t{1} << 20;
const std::string kDataset = "the dataset";

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
      parser_(settings.keys.front()) {
  if (settings.eod == EndOfDocument::append) end_of_document_ = tokenizer.end_of_document_id_or_throw();
  if (settings.sentences) splitter_.emplace(make_splitter_or_throw(*settings.sentences));
}

EncodedBatch BatchEncoder::encode_or_throw(io::LineBatch lines, io::DocumentFormat format) {
  EncodedBatch batch;
  batch.fields.resize(settings_.keys.size());
  batch.input_bytes = lines.bytes.size();
  io::RecordErrors unencoded(settings_.on_error);
  const auto visit = [&](const io::RecordView& record) {
    // One document may be most of the memory.
    if (lines.size() == 1 && format == io::DocumentFormat::jsonl) std::string().swap(lines.bytes);
    try {
      take_record_or_throw(batch, record.values);
    } catch (const tokenizer::UnknownByte& unknown) {
      unencoded.add_or_throw(io::DataError(*lines.file, record.line, unknown.what()));
    }
  };
  batch.errors = io::for_each_record_or_throw(lines, parser_, format, settings_.keys,
                                              io::ListValues::accepted, settings_.on_error, visit);
  batch.errors.absorb(unencoded);
  return batch;
}

// A record with a byte that has no token leaves nothing behind in any field.
void BatchEncoder::take_record_or_throw(EncodedBatch& batch, std::span<const io::FieldView> values) {
  struct Before {
    std::size_t ids;
    std::size_t lengths;
  };
  std::vector<Before> before;
  for (const EncodedField& field : batch.fields) before.push_back({field.ids.size(), field.lengths.size()});
  try {
    for (std::size_t k = 0; k < values.size(); ++k) append_value_or_throw(batch.fields[k], values[k]);
  } catch (const tokenizer::UnknownByte&) {
    for (std::size_t k = 0; k < before.size(); ++k) {
      batch.fields[k].ids.resize(before[k].ids);
      batch.fields[k].lengths.resize(before[k].lengths);
    }
    throw;
  }
  ++batch.documents;
  for (std::size_t k = 0; k < values.size(); ++k) {
    for (const std::string_view text : values[k].texts) batch.text_bytes += text.size();
    end_document(batch, batch.fields[k], batch.fields[k].lengths.size() - before[k].lengths);
  }
}

// The strings of a list are sentences already.
void BatchEncoder::append_value_or_throw(EncodedField& field, const io::FieldView& value) {
  if (value.is_list) {
    for (const std::string_view sentence : value.texts) append_sequence_or_throw(field, sentence);
    return;
  }
  const std::string_view text = value.texts.front();
  // Growing would need the memory twice; a token has a byte of the text at least, and what is not written to
  // takes no memory.
  if (text.size() > kLargeDocument)
    field.ids.reserve(field.ids.size() + text.size() * bytes_of(settings_.token_type));
  if (!splitter_) return append_sequence_or_throw(field, text);
  for (const std::string_view sentence : splitter_->split(text, settings_.sentences->surroundings))
    append_sequence_or_throw(field, sentence);
}

void BatchEncoder::append_sequence_or_throw(EncodedField& field, std::string_view text) {
  const std::size_t before = field.ids.size();
  encoder_.encode_to_or_throw(text, [&](std::span<const tokenizer::TokenId> ids) {
    dataset::append_token_bytes_or_throw(field.ids, settings_.token_type, ids, kDataset);
  });
  if (field.ids.size() > before)
    field.lengths.push_back((field.ids.size() - before) / bytes_of(settings_.token_type));
}

// sequences: how many the document has given the field.
void BatchEncoder::end_document(EncodedBatch& batch, EncodedField& field, std::size_t sequences) {
  if (sequences == 0) {
    ++batch.empty_fields;
    if (settings_.empty == EmptyDocuments::keep) field.sequences.push_back(0);
    return;
  }
  if (end_of_document_) {
    dataset::append_token_bytes_or_throw(field.ids, settings_.token_type, std::span(&*end_of_document_, 1),
                                         kDataset);
    ++field.lengths.back();
  }
  field.sequences.push_back(static_cast<std::uint32_t>(sequences));
}

}  // namespace gpt::preprocess
