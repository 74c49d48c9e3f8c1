#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "libcommon/io/compress.hpp"

namespace gpt::test {

inline std::string compressed(io::Compression compression, std::string_view bytes) {
  const auto compressor = io::make_compressor(compression, "test");
  std::string out;
  compressor->append(bytes, out);
  compressor->finish(out);
  return out;
}

// Bytes held in memory, given out in pieces of at most piece bytes.
class MemorySource : public io::ByteSource {
 public:
  explicit MemorySource(std::string bytes, std::size_t piece = std::string::npos)
      : ByteSource("memory"), bytes_(std::move(bytes)), piece_(piece) {}
  std::size_t read_or_throw(std::span<char> buffer) override {
    const std::size_t count = bytes_.copy(buffer.data(), std::min(buffer.size(), piece_), given_);
    given_ += count;
    return count;
  }

 private:
  std::string bytes_;
  std::size_t piece_;
  std::size_t given_ = 0;
};

inline std::string read_all(io::ByteSource& source, std::size_t buffer_bytes) {
  std::string content;
  std::string buffer(buffer_bytes, '\0');
  while (const std::size_t count = source.read_or_throw(buffer)) content.append(buffer, 0, count);
  return content;
}

}  // namespace gpt::test
