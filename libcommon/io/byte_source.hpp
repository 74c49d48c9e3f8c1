#pragma once

#include <cstddef>
#include <memory>
#include <span>
#include <string>

namespace gpt::io {

// A stream of bytes to read: a file, a pipe or stdin, already decompressed.
class ByteSource {
 public:
  virtual ~ByteSource() = default;
  // Fills the front of the buffer; returns how many bytes, 0 at the end. Throws IoError, or DataError when
  // compressed bytes are damaged or end early, or cli::StoppedOnRequest once a stop is asked for.
  virtual std::size_t read_or_throw(std::span<char> buffer) = 0;
  // How errors name it: the path, or "stdin".
  const std::string& name() const { return name_; }

 protected:
  explicit ByteSource(std::string name) : name_(std::move(name)) {}

 private:
  std::string name_;
};

// Opens a path, or stdin for "-". gzip and zstd are recognised by their first bytes, whatever the name;
// several compressed members one after the other read as one. Throws IoError.
std::unique_ptr<ByteSource> open_input_or_throw(const std::string& path);

// The whole content in memory; for small files (vocabularies, configurations). A regular file is read even
// when a stop is asked for, since saving may need it. Throws as above.
std::string read_file_or_throw(const std::string& path);

}  // namespace gpt::io
