#pragma once

#include <cstddef>
#include <span>
#include <string>

namespace gpt::io {

// A whole file mapped read-only; pages come in as they are touched. An empty file maps to an empty span.
class MappedFile {
 public:
  static MappedFile open_or_throw(const std::string& path);  // IoError
  ~MappedFile();
  MappedFile(MappedFile&& other) noexcept;
  MappedFile& operator=(MappedFile&& other) noexcept;

  std::span<const std::byte> bytes() const { return {data_, size_}; }
  const std::string& path() const { return path_; }

  // The pages that lie wholly within these bytes leave this process's memory until they are touched again;
  // for readers that go through a large file once.
  void forget(std::size_t begin, std::size_t end) const;

 private:
  MappedFile(std::string path, const std::byte* data, std::size_t size)
      : path_(std::move(path)), data_(data), size_(size) {}
  std::string path_;
  const std::byte* data_ = nullptr;
  std::size_t size_ = 0;
};

}  // namespace gpt::io
