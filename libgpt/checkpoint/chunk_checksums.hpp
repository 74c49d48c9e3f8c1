#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace gpt::checkpoint {

// Files are hashed (XXH3, 64 bits) in chunks of this size, so that whoever reads a part verifies that part.
inline constexpr std::uint64_t kChunkBytes = std::uint64_t{4} << 20;

// The name of the file that holds the checksums of the others in its folder.
inline constexpr const char* kChecksumsFile = "checksums.json";

struct FileChecksums {
  std::uint64_t bytes = 0;            // length of the file
  std::vector<std::uint64_t> chunks;  // hash of each chunk; the last one may be shorter
};

// By file name, '/' between a sub-folder and the file.
using ChecksumTable = std::map<std::string, FileChecksums>;

std::uint64_t chunk_hash(std::span<const std::byte> chunk);

std::string checksums_json(const ChecksumTable& table);
// The table of a checkpoint folder; empty when it keeps none (a model from elsewhere). Throws io::DataError.
std::optional<ChecksumTable> read_checksums_or_throw(const std::string& folder);

// Hashes the whole of a small file that was read into memory and compares. No entry in the table: not
// checked.
void verify_content_or_throw(const ChecksumTable& table, const std::string& name, const std::string& path,
                             std::string_view content);

}  // namespace gpt::checkpoint
