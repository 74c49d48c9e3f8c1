#include "apps/gpt-dedup/signature_file.hpp"

#include <algorithm>
#include <utility>

#include <simdjson.h>

#include "apps/gpt-dedup/digest_stage.hpp"
#include "apps/gpt-dedup/lsh.hpp"
#include "apps/gpt-dedup/section_file.hpp"
#include "libcommon/cli/stop_signals.hpp"
#include "libcommon/io/json_text.hpp"

namespace gpt::dedup {
namespace {

constexpr std::string_view kKind = "GPTDSIG1";

std::string field(std::string_view name, std::uint64_t value) {
  return "\"" + std::string(name) + "\":" + std::to_string(value) + ",";
}
std::string field(std::string_view name, std::string_view value) {
  return "\"" + std::string(name) + "\":" + io::json_string(value) + ",";
}

std::string part_json(const SharePart& part) {
  return "{" + field("path", part.range.path) + field("begin", part.range.begin) +
         field("end", part.range.end) +
         field("format", part.format == io::DocumentFormat::text ? "text" : "jsonl") +
         field("reference", std::uint64_t{part.reference}) + field("lines", part.lines) +
         "\"documents\":" + std::to_string(part.documents) + "}";
}

std::string header_json(const ShareHeader& header) {
  const ShingleOptions& shingles = header.minhash.shingles;
  std::string json = "{" + field("rank", static_cast<std::uint64_t>(header.shard.rank)) +
                     field("world", static_cast<std::uint64_t>(header.shard.world)) +
                     field("ngram", static_cast<std::uint64_t>(shingles.length)) +
                     field("unit", shingles.unit == ShingleUnit::words ? "words" : "characters") +
                     field("folded", std::uint64_t{shingles.form == ShingleForm::folded}) +
                     field("seeds", static_cast<std::uint64_t>(header.minhash.seeds)) +
                     field("bands", static_cast<std::uint64_t>(header.minhash.bands)) +
                     field("seed", header.seed) + field("text_key", header.text_key) +
                     field("keep", static_cast<std::uint64_t>(header.keep)) +
                     field("keep_field", header.keep_field) + field("documents", header.documents) +
                     field("rows", header.rows) + field("equals", header.equals) +
                     field("bytes", header.bytes) + field("bad_records", header.bad_records) + "\"parts\":[";
  for (const SharePart& part : header.parts) json += part_json(part) + ",";
  if (!header.parts.empty()) json.pop_back();
  return json + "]}";
}

SharePart part_of(simdjson::dom::element json) {
  SharePart part;
  part.range = {std::string(std::string_view(json["path"])), std::uint64_t(json["begin"]),
                std::uint64_t(json["end"])};
  part.format =
      std::string_view(json["format"]) == "text" ? io::DocumentFormat::text : io::DocumentFormat::jsonl;
  part.reference = std::uint64_t(json["reference"]) != 0;
  part.lines = std::uint64_t(json["lines"]);
  part.documents = std::uint64_t(json["documents"]);
  return part;
}

ShareHeader header_of(simdjson::dom::element json) {
  const auto number = [&](const char* name) { return std::uint64_t(json[name]); };
  ShareHeader header;
  header.shard = {static_cast<int>(number("rank")), static_cast<int>(number("world"))};
  header.minhash.shingles = {
      .length = static_cast<int>(number("ngram")),
      .unit = std::string_view(json["unit"]) == "words" ? ShingleUnit::words : ShingleUnit::characters,
      .form = number("folded") != 0 ? ShingleForm::folded : ShingleForm::as_written};
  header.minhash.seeds = static_cast<int>(number("seeds"));
  header.minhash.bands = static_cast<int>(number("bands"));
  header.seed = number("seed");
  header.text_key = std::string(std::string_view(json["text_key"]));
  header.keep = static_cast<Keep>(number("keep"));
  header.keep_field = std::string(std::string_view(json["keep_field"]));
  header.documents = number("documents");
  header.rows = number("rows");
  header.equals = number("equals");
  header.bytes = number("bytes");
  header.bad_records = number("bad_records");
  for (const simdjson::dom::element part : simdjson::dom::array(json["parts"]))
    header.parts.push_back(part_of(part));
  return header;
}

struct RowDigest {
  Digest digest;
  Row row;
};

// The digests of the documents with a signature, ascending.
std::vector<RowDigest> sorted_digests(const DigestedCorpus& digested) {
  std::vector<Row> rows(digested.catalogue.size());
  for (Row row = 0; row < digested.signatures.size(); ++row) rows[digested.signatures.document(row)] = row;
  std::vector<RowDigest> digests;
  digests.reserve(digested.signatures.size());
  digested.first_seen.for_each([&](const Digest& digest, DocumentId document) {
    digests.push_back({digest, rows[document]});
  });
  std::sort(digests.begin(), digests.end(),
            [](const RowDigest& a, const RowDigest& b) { return a.digest < b.digest; });
  return digests;
}

struct KeyedRow {
  std::uint64_t key;
  Row row;
  auto operator<=>(const KeyedRow&) const = default;
};

std::vector<KeyedRow> sorted_band(const Signatures& signatures, std::size_t band, std::size_t bands) {
  std::vector<KeyedRow> keyed(signatures.size());
  for (Row row = 0; row < keyed.size(); ++row)
    keyed[row] = {band_key(signatures.signature(row), band, bands), row};
  std::sort(keyed.begin(), keyed.end());
  return keyed;
}

// A section of count numbers, get(i) each.
template <class T, class Get>
void write_each(SectionWriter& writer, std::size_t count, Get get) {
  constexpr std::size_t kAtOnce = std::size_t{1} << 16;
  std::vector<T> part;
  for (std::size_t begin = 0; begin < count; begin += kAtOnce) {
    part.clear();
    for (std::size_t i = begin; i < std::min(begin + kAtOnce, count); ++i) part.push_back(get(i));
    writer.write(std::span<const T>(part));
  }
  writer.end_section();
}

std::vector<EqualPair> equal_pairs(const DisjointSets& groups) {
  std::vector<EqualPair> pairs;
  for (DocumentId document = 0; document < groups.size(); ++document)
    if (groups.name(document) != document) pairs.push_back({groups.name(document), document});
  return pairs;
}

void write_documents(SectionWriter& writer, const DigestedCorpus& digested) {
  const Catalogue& catalogue = digested.catalogue;
  const auto place = [&](std::size_t i) { return catalogue.place(static_cast<DocumentId>(i)); };
  write_each<std::uint64_t>(writer, catalogue.size(), [&](std::size_t i) { return place(i).line; });
  write_each<std::uint64_t>(writer, catalogue.size(), [&](std::size_t i) { return place(i).offset; });
  if (!digested.scores.empty()) writer.section(std::span<const double>(digested.scores));
}

void write_digests(SectionWriter& writer, const DigestedCorpus& digested) {
  const std::vector<RowDigest> digests = sorted_digests(digested);
  write_each<Digest>(writer, digests.size(), [&](std::size_t i) { return digests[i].digest; });
  write_each<Row>(writer, digests.size(), [&](std::size_t i) { return digests[i].row; });
}

void write_signatures(SectionWriter& writer, const SignatureStore& signatures) {
  for (Row row = 0; row < signatures.size(); ++row) writer.write(signatures.signature(row));
  writer.end_section();
}

void write_band(SectionWriter& writer, const Signatures& signatures, std::size_t band, std::size_t bands) {
  const std::vector<KeyedRow> keyed = sorted_band(signatures, band, bands);
  write_each<std::uint64_t>(writer, keyed.size(), [&](std::size_t i) { return keyed[i].key; });
  write_each<Row>(writer, keyed.size(), [&](std::size_t i) { return keyed[i].row; });
}

}  // namespace

void write_signature_file_or_throw(io::OutputFile& output, ShareHeader header,
                                   const DigestedCorpus& digested) {
  const std::vector<EqualPair> equals = equal_pairs(digested.groups);
  header.documents = digested.catalogue.size();
  header.rows = digested.signatures.size();
  header.equals = equals.size();
  SectionWriter writer(output, kKind, header_json(header));
  write_documents(writer, digested);
  writer.section(std::span<const EqualPair>(equals));
  write_each<DocumentId>(writer, header.rows,
                         [&](std::size_t i) { return digested.signatures.document(static_cast<Row>(i)); });
  write_digests(writer, digested);
  write_signatures(writer, digested.signatures);
  const auto bands = static_cast<std::size_t>(header.minhash.bands);
  for (std::size_t band = 0; band < bands; ++band) {
    cli::throw_if_stop_requested();
    write_band(writer, digested.signatures, band, bands);
  }
}

SignatureFile SignatureFile::open_or_throw(const std::string& path) {
  SignatureFile result(io::MappedFile::open_or_throw(path));
  SectionReader reader(result.file_, kKind);
  try {
    simdjson::dom::parser parser;
    result.header_ = header_of(parser.parse(simdjson::padded_string(reader.header())));
  } catch (const simdjson::simdjson_error& error) {
    throw io::DataError(path, std::string("its beginning cannot be read: ") + error.what());
  }
  const ShareHeader& header = result.header_;
  result.lines_ = reader.section<std::uint64_t>(header.documents);
  result.offsets_ = reader.section<std::uint64_t>(header.documents);
  if (header.has_scores()) result.scores_ = reader.section<double>(header.documents);
  result.equals_ = reader.section<EqualPair>(header.equals);
  result.row_documents_ = reader.section<DocumentId>(header.rows);
  result.digests_ = reader.section<Digest>(header.rows);
  result.digest_rows_ = reader.section<Row>(header.rows);
  result.signatures_ =
      reader.section<std::uint32_t>(header.rows * static_cast<std::uint64_t>(header.minhash.seeds));
  for (int band = 0; band < header.minhash.bands; ++band) {
    result.band_keys_.push_back(reader.section<std::uint64_t>(header.rows));
    result.band_rows_.push_back(reader.section<Row>(header.rows));
  }
  reader.expect_end();
  return result;
}

std::span<const std::uint64_t> SignatureFile::band_keys(std::size_t band) const { return band_keys_[band]; }
std::span<const Row> SignatureFile::band_rows(std::size_t band) const { return band_rows_[band]; }

}  // namespace gpt::dedup
