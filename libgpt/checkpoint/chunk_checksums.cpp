#include "libgpt/checkpoint/chunk_checksums.hpp"

#include <algorithm>
#include <charconv>
#include <filesystem>

#include <simdjson.h>
#include <xxhash.h>

#include "libcommon/io/byte_source.hpp"
#include "libcommon/io/errors.hpp"
#include "libcommon/io/json_text.hpp"

namespace gpt::checkpoint {
namespace {

std::string hex(std::uint64_t value) {
  char digits[17] = {};
  const auto end = std::to_chars(digits, digits + 16, value, 16).ptr;
  const std::string text(digits, end);
  return std::string(16 - text.size(), '0') + text;
}

std::optional<std::uint64_t> from_hex(std::string_view text) {
  std::uint64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value, 16);
  if (error != std::errc{} || end != text.data() + text.size() || text.size() != 16) return std::nullopt;
  return value;
}

FileChecksums read_file_entry_or_throw(const std::string& path, std::string_view name,
                                       const simdjson::dom::element& value) {
  FileChecksums sums;
  simdjson::dom::array chunks;
  if (value["bytes"].get(sums.bytes) != simdjson::SUCCESS ||
      value["chunks"].get(chunks) != simdjson::SUCCESS) {
    throw io::DataError(path, "the entry of " + std::string(name) + " is not complete");
  }
  for (const simdjson::dom::element chunk : chunks) {
    std::string_view text;
    const auto hash = chunk.get(text) == simdjson::SUCCESS ? from_hex(text) : std::nullopt;
    if (!hash)
      throw io::DataError(path, "the entry of " + std::string(name) + " holds something that is no hash");
    sums.chunks.push_back(*hash);
  }
  if (sums.chunks.size() != (sums.bytes + kChunkBytes - 1) / kChunkBytes) {
    throw io::DataError(path, "the entry of " + std::string(name) + " does not have a hash for every chunk");
  }
  return sums;
}

}  // namespace

std::uint64_t chunk_hash(std::span<const std::byte> chunk) { return XXH3_64bits(chunk.data(), chunk.size()); }

std::string checksums_json(const ChecksumTable& table) {
  std::string json =
      R"({"algorithm":"xxh3-64","chunk_bytes":)" + std::to_string(kChunkBytes) + R"(,"files":{)";
  bool first = true;
  for (const auto& [name, sums] : table) {
    if (!first) json += ',';
    first = false;
    json += '\n';
    io::append_json_string(json, name);
    json += R"(:{"bytes":)" + std::to_string(sums.bytes) + R"(,"chunks":[)";
    for (std::size_t i = 0; i < sums.chunks.size(); ++i) {
      json += (i > 0 ? ",\"" : "\"") + hex(sums.chunks[i]) + '"';
    }
    json += "]}";
  }
  return json + "\n}}\n";
}

std::optional<ChecksumTable> read_checksums_or_throw(const std::string& folder) {
  const std::string path = folder + "/" + kChecksumsFile;
  if (!std::filesystem::exists(path)) return std::nullopt;
  const simdjson::padded_string json(io::read_file_or_throw(path));
  simdjson::dom::parser parser;
  simdjson::dom::element root;
  if (const auto error = parser.parse(json).get(root); error != simdjson::SUCCESS) {
    throw io::DataError(path, std::string("not valid JSON: ") + simdjson::error_message(error));
  }
  std::string_view algorithm;
  std::uint64_t chunk_bytes = 0;
  simdjson::dom::object files;
  if (root["algorithm"].get(algorithm) != simdjson::SUCCESS || algorithm != "xxh3-64" ||
      root["chunk_bytes"].get(chunk_bytes) != simdjson::SUCCESS || chunk_bytes != kChunkBytes ||
      root["files"].get(files) != simdjson::SUCCESS) {
    throw io::DataError(path, "holds no checksums of a kind that is known here (xxh3-64 of 4 MiB chunks)");
  }
  ChecksumTable table;
  for (const auto [name, value] : files)
    table[std::string(name)] = read_file_entry_or_throw(path, name, value);
  return table;
}

void verify_content_or_throw(const ChecksumTable& table, const std::string& name, const std::string& path,
                             std::string_view content) {
  const auto found = table.find(name);
  if (found == table.end()) return;
  const auto bytes = std::as_bytes(std::span(content));
  bool same = bytes.size() == found->second.bytes;
  for (std::size_t i = 0; same && i < found->second.chunks.size(); ++i) {
    const std::size_t begin = i * kChunkBytes;
    const std::size_t length = std::min<std::size_t>(kChunkBytes, bytes.size() - begin);
    same = chunk_hash(bytes.subspan(begin, length)) == found->second.chunks[i];
  }
  if (!same) {
    throw io::DataError(path, "its checksum is not the one in " + std::string(kChecksumsFile) +
                                  ": the file was damaged or changed after it was saved");
  }
}

}  // namespace gpt::checkpoint
