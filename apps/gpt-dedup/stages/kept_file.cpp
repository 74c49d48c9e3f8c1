#include "apps/gpt-dedup/stages/kept_file.hpp"

#include <filesystem>

#include <simdjson.h>

#include "apps/gpt-dedup/stages/section_file.hpp"
#include "apps/gpt-dedup/stages/section_header.hpp"
#include "libcommon/io/errors.hpp"
#include "libcommon/io/json_text.hpp"

namespace gpt::dedup {
namespace {

constexpr std::string_view kKind = "GPTDKEP3";

std::string header_json(const KeptHeader& header) {
  std::string json = "{\"documents\":" + std::to_string(header.documents) +
                     ",\"corpus\":" + std::to_string(header.corpus) +
                     ",\"pairs\":" + std::to_string(header.pairs) +
                     ",\"across_only\":" + (header.across_only ? "true" : "false") + ",\"priority\":[";
  for (const std::string& name : header.priority) json += io::json_string(name) + ",";
  if (!header.priority.empty()) json.pop_back();
  return json + "]}";
}

KeptHeader header_of(simdjson::dom::element json) {
  KeptHeader header;
  header.documents = std::uint64_t(json["documents"]);
  header.corpus = std::uint64_t(json["corpus"]);
  header.pairs = std::uint64_t(json["pairs"]);
  header.across_only = bool(json["across_only"]);
  for (const simdjson::dom::element name : simdjson::dom::array(json["priority"]))
    header.priority.emplace_back(std::string_view(name));
  return header;
}

}  // namespace

Settings KeptHeader::settings() const {
  Settings settings{{"the signature files", in_hex(corpus)},
                    {"the pair files", in_hex(pairs)},
                    {"--across-only", across_only ? "true" : "false"}};
  for (const std::string& name : priority) settings.push_back({"--priority", name});
  return settings;
}

void write_kept_file_or_throw(io::OutputFile& output, KeptHeader header, const std::vector<bool>& kept) {
  header.documents = kept.size();
  std::vector<std::uint8_t> bytes((kept.size() + 7) / 8);
  for (std::size_t i = 0; i < kept.size(); ++i)
    if (kept[i]) bytes[i / 8] = static_cast<std::uint8_t>(bytes[i / 8] | 1U << i % 8);
  SectionWriter writer(output, kKind, header_json(header));
  writer.section(std::span<const std::uint8_t>(bytes));
  writer.finish();
}

KeptFile read_kept_file_or_throw(const std::string& path) {
  if (!std::filesystem::exists(path)) throw io::DataError(path, "is not there: run gpt-dedup groups first");
  const auto file = io::MappedFile::open_or_throw(path);
  SectionReader reader(file, kKind);
  KeptFile result{parsed_header_or_throw(reader, path, header_of), reader.fingerprint(), {}};
  const std::uint64_t documents = result.header.documents;
  const auto bytes = reader.section<std::uint8_t>(documents / 8 + (documents % 8 != 0 ? 1 : 0));
  reader.expect_end();
  verify_section_or_throw(file, std::as_bytes(bytes), reader.checksums()[0]);
  result.kept.resize(documents);
  for (std::size_t i = 0; i < documents; ++i) result.kept[i] = (bytes[i / 8] >> i % 8 & 1U) != 0;
  return result;
}

}  // namespace gpt::dedup
