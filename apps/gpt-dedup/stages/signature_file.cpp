#include "apps/gpt-dedup/stages/signature_file.hpp"

#include <algorithm>
#include <utility>

#include <simdjson.h>

#include "apps/gpt-dedup/digest_stage.hpp"
#include "apps/gpt-dedup/near/lsh.hpp"
#include "apps/gpt-dedup/stages/section_file.hpp"
#include "apps/gpt-dedup/stages/section_header.hpp"
#include "libcommon/cli/stop_signals.hpp"
#include "libcommon/io/errors.hpp"
#include "libcommon/io/json_text.hpp"

namespace gpt::dedup {
namespace {

constexpr std::string_view kKind = "GPTDSIG3";

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
         field("reference", std::uint64_t{part.reference}) + field("file_bytes", part.file_bytes) +
         field("lines", part.lines.count) + field("content", part.lines.sum) +
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
  part.file_bytes = std::uint64_t(json["file_bytes"]);
  part.lines = {std::uint64_t(json["lines"]), std::uint64_t(json["content"])};
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

void check_or_throw(bool right, const std::string& path, const std::string& what) {
  if (!right) throw io::DataError(path, "says " + what + " at its beginning: run gpt-dedup signatures again");
}

// What no run writes is not followed.
void check_header_or_throw(const ShareHeader& header, const std::string& path) {
  const auto [rank, world] = header.shard;
  check_or_throw(world > 0 && rank >= 0 && rank < world, path,
                 "share " + std::to_string(rank) + " of " + std::to_string(world));
  const auto [seeds, bands] = std::pair(header.minhash.seeds, header.minhash.bands);
  check_or_throw(seeds > 0 && seeds <= kMostSeeds && bands > 0 && seeds % bands == 0, path,
                 std::to_string(seeds) + " seeds in " + std::to_string(bands) + " bands");
  const int length = header.minhash.shingles.length;
  check_or_throw(length > 0 && length <= kLongestShingle, path, "shingles of " + std::to_string(length));
  check_or_throw(header.keep >= Keep::first && header.keep <= Keep::best, path, "an unknown choice to keep");
  std::uint64_t documents = 0;
  for (const SharePart& part : header.parts) {
    check_or_throw(part.documents <= header.documents - documents, path, "parts of more documents than all");
    documents += part.documents;
  }
  check_or_throw(documents == header.documents && documents < 0xFFFFFFFF, path,
                 std::to_string(header.documents) + " documents, its parts " + std::to_string(documents));
  check_or_throw(header.equals <= documents && header.rows <= documents - header.equals, path,
                 "more signatures and equal documents than documents");
}

// In the order of the file: writing, reading and checking go by it.
std::vector<Content> contents_of(const ShareHeader& header) {
  std::vector<Content> contents{Content::places};
  if (header.has_scores()) contents.push_back(Content::scores);
  contents.insert(contents.end(),
                  {Content::equals, Content::rows, Content::digests, Content::signatures, Content::bands});
  return contents;
}

// "a.jsonl (jsonl, 4096 bytes)", or "a.jsonl (jsonl, from byte 1024 to 2048 of 4096 bytes)".
std::string named(const SharePart& part) {
  std::string name = part.range.path + (part.format == io::DocumentFormat::text ? " (text, " : " (jsonl, ");
  if (!part.range.is_whole())
    name +=
        "from byte " + std::to_string(part.range.begin) + " to " + std::to_string(part.range.end) + " of ";
  return name + std::to_string(part.file_bytes) + " bytes)";
}

struct PlacedDigest {
  Digest digest;
  DocumentId document;
};

// The digests of the documents that are the first of equal ones, ascending.
std::vector<PlacedDigest> sorted_digests(const DigestedCorpus& digested) {
  std::vector<PlacedDigest> digests;
  digests.reserve(digested.catalogue.size() - digested.exact_duplicates);
  digested.first_seen.for_each([&](const Digest& digest, DocumentId document) {
    digests.push_back({digest, document});
  });
  std::sort(digests.begin(), digests.end(),
            [](const PlacedDigest& a, const PlacedDigest& b) { return a.digest < b.digest; });
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

void write_places(SectionWriter& writer, const Catalogue& catalogue) {
  const auto place = [&](std::size_t i) { return catalogue.place(static_cast<DocumentId>(i)); };
  write_each<std::uint64_t>(writer, catalogue.size(), [&](std::size_t i) { return place(i).line; });
  write_each<std::uint64_t>(writer, catalogue.size(), [&](std::size_t i) { return place(i).offset; });
}

void write_rows(SectionWriter& writer, const SignatureStore& signatures) {
  write_each<DocumentId>(writer, signatures.size(),
                         [&](std::size_t i) { return signatures.document(static_cast<Row>(i)); });
}

void write_digests(SectionWriter& writer, const DigestedCorpus& digested) {
  const std::vector<PlacedDigest> digests = sorted_digests(digested);
  write_each<Digest>(writer, digests.size(), [&](std::size_t i) { return digests[i].digest; });
  write_each<DocumentId>(writer, digests.size(), [&](std::size_t i) { return digests[i].document; });
}

void write_signatures(SectionWriter& writer, const SignatureStore& signatures) {
  for (Row row = 0; row < signatures.size(); ++row) writer.write(signatures.signature(row));
  writer.end_section();
}

void write_bands(SectionWriter& writer, const Signatures& signatures, std::size_t bands) {
  for (std::size_t band = 0; band < bands; ++band) {
    cli::throw_if_stop_requested();
    const std::vector<KeyedRow> keyed = sorted_band(signatures, band, bands);
    write_each<std::uint64_t>(writer, keyed.size(), [&](std::size_t i) { return keyed[i].key; });
    write_each<Row>(writer, keyed.size(), [&](std::size_t i) { return keyed[i].row; });
  }
}

}  // namespace

Settings ShareHeader::settings() const {
  const ShingleOptions& shingles = minhash.shingles;
  return {{shingles.unit == ShingleUnit::words ? "--word-ngram" : "--char-ngram",
           std::to_string(shingles.length)},
          {"--fold", shingles.form == ShingleForm::folded ? "true" : "false"},
          {"--seeds", std::to_string(minhash.seeds)},
          {"--bands", std::to_string(minhash.bands)},
          {"--seed", std::to_string(seed)},
          {"--text-key", text_key},
          {"--keep", name_of(keep)},
          {"--keep-field", io::json_string(keep_field)}};
}

Settings ShareHeader::settings_and_inputs() const {
  Settings all = settings();
  for (const SharePart& part : parts)
    all.push_back({part.reference ? "--against" : "the input", named(part)});
  return all;
}

void write_signature_file_or_throw(io::OutputFile& output, ShareHeader header,
                                   const DigestedCorpus& digested) {
  const std::vector<EqualPair> equals = equal_pairs(digested.groups);
  header.documents = digested.catalogue.size();
  header.rows = digested.signatures.size();
  header.equals = equals.size();
  SectionWriter writer(output, kKind, header_json(header));
  const auto bands = static_cast<std::size_t>(header.minhash.bands);
  for (const Content content : contents_of(header)) {
    switch (content) {
      case Content::places:
        write_places(writer, digested.catalogue);
        break;
      case Content::scores:
        writer.section(std::span<const double>(digested.scores));
        break;
      case Content::equals:
        writer.section(std::span<const EqualPair>(equals));
        break;
      case Content::rows:
        write_rows(writer, digested.signatures);
        break;
      case Content::digests:
        write_digests(writer, digested);
        break;
      case Content::signatures:
        write_signatures(writer, digested.signatures);
        break;
      case Content::bands:
        write_bands(writer, digested.signatures, bands);
        break;
    }
  }
  writer.finish();
}

SignatureFile SignatureFile::open_or_throw(const std::string& path) {
  SignatureFile result(io::MappedFile::open_or_throw(path));
  SectionReader reader(result.file_, kKind);
  result.header_ = parsed_header_or_throw(reader, path, header_of);
  check_header_or_throw(result.header_, path);
  result.fingerprint_ = reader.fingerprint();
  result.checksums_.assign(reader.checksums().begin(), reader.checksums().end());
  for (const Content content : contents_of(result.header_)) result.map_or_throw(reader, content);
  reader.expect_end();
  return result;
}

void SignatureFile::map_or_throw(SectionReader& reader, Content content) {
  const auto map = [&]<class T>(std::span<const T>& section, std::uint64_t count) {
    section = reader.section<T>(count);
    sections_.push_back({content, std::as_bytes(section)});
  };
  const std::uint64_t distinct = header_.documents - header_.equals;
  switch (content) {
    case Content::places:
      map(lines_, header_.documents);
      map(offsets_, header_.documents);
      break;
    case Content::scores:
      map(scores_, header_.documents);
      break;
    case Content::equals:
      map(equals_, header_.equals);
      break;
    case Content::rows:
      map(row_documents_, header_.rows);
      break;
    case Content::digests:
      map(digests_, distinct);
      map(digest_documents_, distinct);
      break;
    case Content::signatures:
      map(signatures_, header_.rows * static_cast<std::uint64_t>(header_.minhash.seeds));
      break;
    case Content::bands:
      for (int band = 0; band < header_.minhash.bands; ++band) {
        map(band_keys_.emplace_back(), header_.rows);
        map(band_rows_.emplace_back(), header_.rows);
      }
  }
}

void SignatureFile::verify_or_throw(Content content) const {
  for (std::size_t i = 0; i < sections_.size(); ++i) {
    if (sections_[i].content != content) continue;
    cli::throw_if_stop_requested();
    verify_section_or_throw(file_, sections_[i].bytes, checksums_[i]);
  }
}
void SignatureFile::verify_or_throw() const {
  for (const Content content : contents_of(header_)) verify_or_throw(content);
}
void SignatureFile::verify_places_or_throw() const { verify_or_throw(Content::places); }
void SignatureFile::verify_groups_or_throw() const {
  verify_or_throw(Content::scores);
  verify_or_throw(Content::equals);
}

void SignatureFile::refuse_number_or_throw() const {
  throw io::DataError(
      path(), "is damaged, it names a document that it does not hold: run gpt-dedup signatures again");
}

std::span<const std::uint64_t> SignatureFile::band_keys(std::size_t band) const { return band_keys_[band]; }
std::span<const Row> SignatureFile::band_rows(std::size_t band) const { return band_rows_[band]; }

}  // namespace gpt::dedup
