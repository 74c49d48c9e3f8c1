#include "libcommon/io/mapped_file.hpp"

#include <cerrno>
#include <utility>

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "libcommon/io/errors.hpp"
#include "libcommon/io/file_descriptor.hpp"

namespace gpt::io {

MappedFile MappedFile::open_or_throw(const std::string& path) {
  const FileDescriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  if (file.number() < 0) throw IoError(path, "cannot open", errno);
  struct stat status = {};
  if (fstat(file.number(), &status) != 0) throw IoError(path, "cannot read its size", errno);
  if (!S_ISREG(status.st_mode)) throw IoError(path, "is no regular file, so it cannot be mapped", 0);
  const auto size = static_cast<std::size_t>(status.st_size);
  if (size == 0) return {path, nullptr, 0};
  void* data = mmap(nullptr, size, PROT_READ, MAP_SHARED, file.number(), 0);
  if (data == MAP_FAILED) throw IoError(path, "cannot map into memory", errno);
  return {path, static_cast<const std::byte*>(data), size};
}

MappedFile::~MappedFile() {
  if (data_ != nullptr) munmap(const_cast<std::byte*>(data_), size_);
}

MappedFile::MappedFile(MappedFile&& other) noexcept
    : path_(std::move(other.path_)),
      data_(std::exchange(other.data_, nullptr)),
      size_(std::exchange(other.size_, 0)) {}

MappedFile& MappedFile::operator=(MappedFile&& other) noexcept {
  std::swap(path_, other.path_);
  std::swap(data_, other.data_);
  std::swap(size_, other.size_);
  return *this;
}

void MappedFile::forget(std::size_t begin, std::size_t end) const {
  const auto page = static_cast<std::size_t>(sysconf(_SC_PAGESIZE));
  const std::size_t first = (begin + page - 1) / page * page;
  const std::size_t last = end == size_ ? end : end / page * page;
  if (first < last) madvise(const_cast<std::byte*>(data_) + first, last - first, MADV_DONTNEED);
}

}  // namespace gpt::io
