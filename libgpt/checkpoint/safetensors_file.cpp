#include "libgpt/checkpoint/safetensors_file.hpp"

#include <algorithm>
#include <cstring>

#include "libcommon/io/errors.hpp"
#include "libgpt/checkpoint/element_type.hpp"

namespace gpt::checkpoint {

SafetensorsFile SafetensorsFile::open_or_throw(const std::string& path,
                                               std::optional<FileChecksums> checksums) {
  return {io::MappedFile::open_or_throw(path), std::move(checksums)};
}

SafetensorsFile::SafetensorsFile(io::MappedFile map, std::optional<FileChecksums> checksums)
    : map_(std::move(map)), checksums_(std::move(checksums)) {
  const auto bytes = map_.bytes();
  if (checksums_) {
    if (checksums_->bytes != bytes.size()) {
      throw io::DataError(path(), "has " + std::to_string(bytes.size()) + " bytes, but " +
                                      std::to_string(checksums_->bytes) + " were saved");
    }
    verified_.assign(checksums_->chunks.size(), false);
    std::uint64_t header_bytes = 0;
    if (bytes.size() >= sizeof header_bytes) std::memcpy(&header_bytes, bytes.data(), sizeof header_bytes);
    verify_or_throw(
        0, std::min<std::uint64_t>(bytes.size(), std::min(header_bytes, kChunkBytes) + sizeof header_bytes));
  }
  const std::string_view front(reinterpret_cast<const char*>(bytes.data()), bytes.size());
  entries_ = parse_safetensors_header_or_throw(path(), front, bytes.size());
}

void SafetensorsFile::verify_or_throw(std::uint64_t begin, std::uint64_t end) {
  if (!checksums_ || begin == end) return;
  const auto bytes = map_.bytes();
  for (std::uint64_t chunk = begin / kChunkBytes; chunk <= (end - 1) / kChunkBytes; ++chunk) {
    if (verified_[chunk]) continue;
    const std::uint64_t first = chunk * kChunkBytes;
    const std::uint64_t length = std::min<std::uint64_t>(kChunkBytes, bytes.size() - first);
    if (chunk_hash(bytes.subspan(first, length)) != checksums_->chunks[chunk]) {
      throw io::DataError(
          path(), "the checksum of bytes " + std::to_string(first) + " to " + std::to_string(first + length) +
                      " is wrong: the file was damaged after it was saved; load an earlier checkpoint");
    }
    verified_[chunk] = true;
  }
}

void SafetensorsFile::read_part_or_throw(const TensorEntry& entry, const model::TensorPart& part,
                                         std::int64_t first, std::span<float> values) {
  const auto type = tensor::dtype_from_safetensors(entry.dtype);
  if (!type || !is_floating(*type)) {
    throw io::DataError(path(), "tensor " + entry.name + " has dtype " + entry.dtype +
                                    ", but weights must be F32, F64, F16 or BF16");
  }
  // Piece by piece, so that the mapping never holds more than a piece of a large file in memory.
  constexpr std::int64_t kPiece = std::int64_t{1} << 22;
  const std::int64_t last = first + std::ssize(values);
  for (std::int64_t begin = first; begin < last;) {
    const std::int64_t start = model::runs_of(part, begin, begin + 1).front().global;
    const std::int64_t end = std::min(last, model::count_before(part, start + kPiece));
    read_runs_or_throw(entry, *type, model::runs_of(part, begin, end), first, values);
    begin = end;
  }
}

void SafetensorsFile::read_runs_or_throw(const TensorEntry& entry, tensor::DType type,
                                         const std::vector<model::Run>& runs, std::int64_t first,
                                         std::span<float> values) {
  const std::uint64_t element = tensor::size_in_bytes(type);
  const auto place = [&](std::int64_t global) {
    return entry.begin + static_cast<std::uint64_t>(global) * element;
  };
  const std::uint64_t begin = place(runs.front().global);
  const std::uint64_t end = place(runs.back().global + runs.back().count);
  verify_or_throw(begin, end);
  for (const auto& run : runs) {
    const auto count = static_cast<std::size_t>(run.count);
    decode_floats(type, map_.bytes().subspan(place(run.global), count * element),
                  values.subspan(static_cast<std::size_t>(run.local - first), count));
  }
  map_.forget(begin / kChunkBytes * kChunkBytes, end);
}

}  // namespace gpt::checkpoint
