#include "libcommon/io/byte_source.hpp"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <string_view>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "libcommon/io/decompress.hpp"
#include "libcommon/io/errors.hpp"
#include "libcommon/io/file_descriptor.hpp"

namespace gpt::io {
namespace {

class DescriptorSource : public ByteSource {
 public:
  DescriptorSource(FileDescriptor file, std::string name, OnStop on_stop)
      : ByteSource(std::move(name)), file_(std::move(file)), on_stop_(on_stop) {}
  std::size_t read_or_throw(std::span<char> buffer) override {
    return read_some_or_throw(file_.number(), buffer, name(), on_stop_);
  }

 private:
  FileDescriptor file_;
  OnStop on_stop_;
};

// Gives back the bytes that were looked at to recognise the format, then the rest.
class ReplayedSource : public ByteSource {
 public:
  ReplayedSource(std::string head, std::unique_ptr<ByteSource> rest)
      : ByteSource(rest->name()), head_(std::move(head)), rest_(std::move(rest)) {}
  std::size_t read_or_throw(std::span<char> buffer) override {
    if (given_ == head_.size()) return rest_->read_or_throw(buffer);
    const std::size_t count = std::min(buffer.size(), head_.size() - given_);
    std::memcpy(buffer.data(), head_.data() + given_, count);
    given_ += count;
    return count;
  }

 private:
  std::string head_;
  std::size_t given_ = 0;
  std::unique_ptr<ByteSource> rest_;
};

std::unique_ptr<ByteSource> open_raw_or_throw(const std::string& path, OnStop on_stop) {
  const bool from_stdin = path == "-";
  const std::string name = from_stdin ? "stdin" : path;
  FileDescriptor file(from_stdin ? fcntl(STDIN_FILENO, F_DUPFD_CLOEXEC, 0)
                                 : ::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  if (file.number() < 0) throw IoError(name, "cannot open", errno);
  struct stat status = {};
  const bool known = fstat(file.number(), &status) == 0;
  if (known && S_ISDIR(status.st_mode)) throw IoError(name, "cannot read", EISDIR);
  if (!known || !S_ISREG(status.st_mode)) on_stop = OnStop::give_up;  // it may wait for ever
  posix_fadvise(file.number(), 0, 0, POSIX_FADV_SEQUENTIAL);
  return std::make_unique<DescriptorSource>(std::move(file), name, on_stop);
}

constexpr std::size_t kMagicBytes = 4;

std::string read_head(ByteSource& source) {
  std::string head(kMagicBytes, '\0');
  std::size_t filled = 0;
  while (filled < head.size()) {
    const std::size_t count = source.read_or_throw(std::span(head).subspan(filled));
    if (count == 0) break;
    filled += count;
  }
  head.resize(filled);
  return head;
}

std::unique_ptr<ByteSource> open_decompressed_or_throw(const std::string& path, OnStop on_stop) {
  auto raw = open_raw_or_throw(path, on_stop);
  std::string head = read_head(*raw);
  const Compression compression = recognise_compression(head);
  auto replayed = std::make_unique<ReplayedSource>(std::move(head), std::move(raw));
  return decompressed(compression, std::move(replayed));
}

}  // namespace

std::unique_ptr<ByteSource> open_input_or_throw(const std::string& path) {
  return open_decompressed_or_throw(path, OnStop::give_up);
}

std::string read_file_or_throw(const std::string& path) {
  const auto source = open_decompressed_or_throw(path, OnStop::read_on);
  std::string content;
  std::string block(std::size_t{1} << 16, '\0');
  while (const std::size_t count = source->read_or_throw(block)) content.append(block, 0, count);
  return content;
}

}  // namespace gpt::io
