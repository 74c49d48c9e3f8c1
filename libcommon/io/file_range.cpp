#include "libcommon/io/file_range.hpp"

#include <algorithm>
#include <cerrno>
#include <cstring>

#include <fcntl.h>
#include <unistd.h>

#include "libcommon/io/errors.hpp"
#include "libcommon/io/file_descriptor.hpp"

namespace gpt::io {
namespace {

std::string range_name(const FileRange& range) {
  if (range.begin == 0) return range.path;
  return range.path + " (from byte " + std::to_string(range.begin) + ")";
}

class RangeSource : public ByteSource {
 public:
  explicit RangeSource(const FileRange& range)
      : ByteSource(range_name(range)), path_(range.path), end_(range.end) {
    file_ = FileDescriptor(::open(path_.c_str(), O_RDONLY | O_CLOEXEC));
    if (file_.number() < 0) throw IoError(path_, "cannot open", errno);
    at_ = range.begin == 0 ? 0 : line_start_at_or_after(range.begin);
    done_ = at_ >= end_;
  }

  std::size_t read_or_throw(std::span<char> buffer) override {
    if (done_) return 0;
    const std::size_t count = read_at(at_, buffer);
    if (count == 0) {
      done_ = true;
      return 0;
    }
    // The last line is the one that holds byte end - 1: it is read to its end.
    const std::uint64_t last = end_ - 1;
    if (at_ + count > last) {
      const std::size_t from = last > at_ ? static_cast<std::size_t>(last - at_) : 0;
      if (const void* found = std::memchr(buffer.data() + from, '\n', count - from)) {
        done_ = true;
        return static_cast<std::size_t>(static_cast<const char*>(found) - buffer.data()) + 1;
      }
    }
    at_ += count;
    return count;
  }

 private:
  // A line begins behind the first line end at offset - 1 or later.
  std::uint64_t line_start_at_or_after(std::uint64_t offset) {
    std::string buffer(std::size_t{1} << 16, '\0');
    for (std::uint64_t at = offset - 1;;) {
      const std::size_t count = read_at(at, buffer);
      if (count == 0) return at;
      if (const void* found = std::memchr(buffer.data(), '\n', count)) {
        return at + static_cast<std::uint64_t>(static_cast<const char*>(found) - buffer.data()) + 1;
      }
      at += count;
    }
  }

  std::size_t read_at(std::uint64_t offset, std::span<char> buffer) {
    while (true) {
      const ssize_t count = ::pread(file_.number(), buffer.data(), buffer.size(), static_cast<off_t>(offset));
      if (count >= 0) return static_cast<std::size_t>(count);
      if (errno != EINTR) throw IoError(path_, "cannot read", errno);
    }
  }

  std::string path_;
  FileDescriptor file_;
  std::uint64_t at_ = 0;
  std::uint64_t end_;
  bool done_ = false;
};

}  // namespace

std::unique_ptr<ByteSource> open_range_or_throw(const FileRange& range) {
  if (range.is_whole()) return open_input_or_throw(range.path);
  return std::make_unique<RangeSource>(range);
}

}  // namespace gpt::io
