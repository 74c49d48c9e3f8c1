#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "libcommon/io/file_descriptor.hpp"

namespace gpt::dedup {

// A temporary file without a name: it goes when its owner does, however the process ends.
class SpoolFile {
 public:
  static SpoolFile create_or_throw(const std::string& folder);  // io::IoError

  void append_or_throw(std::string_view bytes);  // io::IoError, for a full disk say
  void flush_or_throw();
  std::uint64_t size() const { return written_ + buffer_.size(); }

  // Bytes appended before the last flush; any thread may call it.
  void read_at_or_throw(std::uint64_t offset, std::span<char> out) const;
  // A path under which this process can open it anew.
  std::string path() const;

 private:
  SpoolFile(io::FileDescriptor file, std::string folder)
      : file_(std::move(file)), folder_(std::move(folder)) {}

  io::FileDescriptor file_;
  std::string folder_;
  std::string buffer_;
  std::uint64_t written_ = 0;
};

}  // namespace gpt::dedup
