#include "libgpt/checkpoint/durable_file.hpp"

#include <algorithm>
#include <cerrno>

#include <fcntl.h>
#include <unistd.h>

#include "libcommon/io/errors.hpp"

namespace gpt::checkpoint {

DurableFile::DurableFile(const std::string& path)
    : path_(path), descriptor_(open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666)) {
  if (descriptor_ < 0) throw io::IoError(path_, "cannot create", errno);
  chunk_.reserve(kChunkBytes);
}

DurableFile::~DurableFile() {
  if (descriptor_ >= 0) close(descriptor_);
}

void DurableFile::write_or_throw(std::string_view bytes) {
  while (!bytes.empty()) {
    const std::size_t room = static_cast<std::size_t>(kChunkBytes) - chunk_.size();
    chunk_.append(bytes.substr(0, room));
    bytes.remove_prefix(std::min(room, bytes.size()));
    if (chunk_.size() == kChunkBytes) flush_or_throw();
  }
}

void DurableFile::flush_or_throw() {
  if (chunk_.empty()) return;
  sums_.chunks.push_back(chunk_hash(std::as_bytes(std::span(chunk_))));
  sums_.bytes += chunk_.size();
  std::string_view rest = chunk_;
  while (!rest.empty()) {
    const auto written = write(descriptor_, rest.data(), rest.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) throw io::IoError(path_, "cannot write", errno);
    rest.remove_prefix(static_cast<std::size_t>(written));
  }
  chunk_.clear();
}

FileChecksums DurableFile::finish_or_throw() {
  flush_or_throw();
  if (fsync(descriptor_) != 0) throw io::IoError(path_, "cannot write", errno);
  const int closed = close(descriptor_);
  descriptor_ = -1;
  if (closed != 0) throw io::IoError(path_, "cannot write", errno);
  return sums_;
}

void sync_folder_or_throw(const std::string& folder) {
  const int descriptor = open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (descriptor < 0) throw io::IoError(folder, "cannot open", errno);
  const int result = fsync(descriptor);
  const int error = errno;
  close(descriptor);
  // Some network file systems cannot sync a folder and say so; there is nothing better to do on them.
  if (result != 0 && error != EINVAL) throw io::IoError(folder, "cannot write", error);
}

}  // namespace gpt::checkpoint
