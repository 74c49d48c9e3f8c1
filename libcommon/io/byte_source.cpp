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
  DescriptorSource(FileDescriptor file, std::string name)
      : ByteSource(std::move(name)), file_(std::move(file)) {}
  std::size_t read_or_throw(std::span<char> buffer) override {
    return read_some_or_throw(file_.number(), buffer, name());
  }

 private:
  FileDescriptor file_;
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

std::unique_ptr<ByteSource> open_raw_or_throw(const std::string& path) {
  if (path == "-") return std::make_unique<DescriptorSource>(FileDescriptor(dup(STDIN_FILENO)), "stdin");
  FileDescriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  if (file.number() < 0) throw IoError(path, "cannot open", errno);
  struct stat status = {};
  if (fstat(file.number(), &status) == 0 && S_ISDIR(status.st_mode)) {
    throw IoError(path, "cannot read", EISDIR);
  }
  posix_fadvise(file.number(), 0, 0, POSIX_FADV_SEQUENTIAL);
  return std::make_unique<DescriptorSource>(std::move(file), path);
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

}  // namespace

std::unique_ptr<ByteSource> open_input_or_throw(const std::string& path) {
  auto raw = open_raw_or_throw(path);
  std::string head = read_head(*raw);
  const Compression compression = recognise_compression(head);
  auto replayed = std::make_unique<ReplayedSource>(std::move(head), std::move(raw));
  return decompressed(compression, std::move(replayed));
}

std::string read_file_or_throw(const std::string& path) {
  const auto source = open_input_or_throw(path);
  std::string content;
  std::string block(std::size_t{1} << 16, '\0');
  while (const std::size_t count = source->read_or_throw(block)) content.append(block, 0, count);
  return content;
}

}  // namespace gpt::io
