#include "libcommon/io/output_file.hpp"

#include <cerrno>
#include <cstdio>
#include <filesystem>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "libcommon/io/compress.hpp"
#include "libcommon/io/errors.hpp"
#include "libcommon/io/file_descriptor.hpp"

namespace gpt::io {
namespace fs = std::filesystem;

namespace {

enum class Target { standard_output, device, regular };

Target target_of(const std::string& path) {
  if (path == "-") return Target::standard_output;
  std::error_code error;
  const auto status = fs::status(path, error);
  if (error || !fs::exists(status) || fs::is_regular_file(status) || fs::is_directory(status))
    return Target::regular;
  return Target::device;
}

// Where the bytes will finally lie: a symbolic link is followed, not replaced, also where it leads to nothing
// yet.
std::string resolved(const std::string& path) {
  fs::path place = path;
  std::error_code error;
  for (int links = 0; links < 40 && fs::is_symlink(place, error); ++links) {
    const fs::path target = fs::read_symlink(place, error);
    if (error) return path;
    place = target.is_absolute() ? target : place.parent_path() / target;
  }
  return place.string();
}

std::string folder_of(const std::string& path) {
  const auto parent = fs::path(path).parent_path();
  return parent.empty() ? "." : parent.string();
}

// A rename is durable once its folder is.
void sync_folder(const std::string& folder) {
  const FileDescriptor handle(::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (handle.number() >= 0) fsync(handle.number());
}

// Gives the temporary its final name, without ever replacing a file when that is refused.
void rename_or_throw(const std::string& from, const std::string& to, Existing existing) {
  if (existing == Existing::refuse) {
    if (renameat2(AT_FDCWD, from.c_str(), AT_FDCWD, to.c_str(), RENAME_NOREPLACE) == 0) return;
    if (errno == EEXIST) throw IoError(to, "appeared while it was being written; --force replaces it", 0);
    if (errno != EINVAL && errno != ENOSYS) throw IoError(to, "cannot rename its temporary", errno);
    check_output_or_throw(to, existing);  // a file system that cannot refuse by itself
  }
  if (::rename(from.c_str(), to.c_str()) != 0) throw IoError(to, "cannot rename its temporary", errno);
}

}  // namespace

void check_output_or_throw(const std::string& path, Existing existing) {
  if (path == "-") return;
  std::error_code error;
  const auto status = fs::status(path, error);
  if (!fs::exists(status)) return;
  if (fs::is_directory(status)) throw IoError(path, "is a folder; a file name is needed", 0);
  if (existing == Existing::refuse && fs::is_regular_file(status)) {
    throw IoError(path, "exists already; --force replaces it", 0);
  }
}

class OutputFile::Body {
 public:
  Body(const std::string& path, Existing existing)
      : path_(path), final_path_(resolved(path)), target_(target_of(path)), existing_(existing) {
    check_output_or_throw(path, existing);
    compressor_ = make_compressor(compression_of_name(path), path);
    open_or_throw();
  }

  ~Body() {
    if (target_ == Target::regular && !committed_ && file_.number() >= 0) ::unlink(temporary_.c_str());
  }
  Body(const Body&) = delete;
  Body& operator=(const Body&) = delete;

  void write_or_throw(std::string_view bytes) {
    if (compressor_) {
      compressor_->append(bytes, buffer_);
    } else {
      buffer_.append(bytes);
    }
    if (buffer_.size() >= kBufferBytes) flush_or_throw();
  }

  void commit_or_throw() {
    if (compressor_) compressor_->finish(buffer_);
    flush_or_throw();
    if (target_ == Target::regular && fsync(file_.number()) != 0)
      throw IoError(name(), "cannot write", errno);
    if (!file_.close_and_check()) {
      const int error_number = errno;
      if (target_ == Target::regular) ::unlink(temporary_.c_str());
      throw IoError(name(), "cannot write", error_number);
    }
    if (target_ != Target::regular) return;
    try {
      rename_or_throw(temporary_, final_path_, existing_);
    } catch (...) {
      ::unlink(temporary_.c_str());
      throw;
    }
    committed_ = true;
    sync_folder(folder_of(final_path_));
  }

  const std::string& path() const { return path_; }

  void flush_or_throw() {
    write_all_or_throw(file_.number(), buffer_, name());
    buffer_.clear();
  }

 private:
  static constexpr std::size_t kBufferBytes = std::size_t{1} << 18;

  void open_or_throw() {
    int number = -1;
    if (target_ == Target::standard_output) {
      number = fcntl(STDOUT_FILENO, F_DUPFD_CLOEXEC, 0);
    } else if (target_ == Target::device) {
      number = ::open(path_.c_str(), O_WRONLY | O_CLOEXEC);
    } else {
      temporary_ = final_path_ + ".tmp-" + std::to_string(getpid());
      number = ::open(temporary_.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
    }
    if (number < 0) throw IoError(name(), "cannot create", errno);
    file_ = FileDescriptor(number);
  }

  std::string name() const { return target_ == Target::standard_output ? "stdout" : path_; }

  std::string path_;
  std::string final_path_;
  std::string temporary_;
  Target target_;
  Existing existing_;
  FileDescriptor file_;
  std::unique_ptr<Compressor> compressor_;
  std::string buffer_;
  bool committed_ = false;
};

OutputFile::OutputFile(const std::string& path, Existing existing)
    : body_(std::make_unique<Body>(path, existing)) {}
OutputFile::~OutputFile() = default;
OutputFile::OutputFile(OutputFile&&) noexcept = default;

void OutputFile::write_or_throw(std::string_view bytes) { body_->write_or_throw(bytes); }
void OutputFile::flush_or_throw() { body_->flush_or_throw(); }
void OutputFile::commit_or_throw() { body_->commit_or_throw(); }
const std::string& OutputFile::path() const { return body_->path(); }

void write_file_or_throw(const std::string& path, std::string_view bytes, Existing existing) {
  OutputFile file(path, existing);
  file.write_or_throw(bytes);
  file.commit_or_throw();
}

}  // namespace gpt::io
