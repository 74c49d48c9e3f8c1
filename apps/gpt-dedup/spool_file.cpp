#include "apps/gpt-dedup/spool_file.hpp"

#include <cerrno>
#include <cstdlib>

#include <fcntl.h>
#include <unistd.h>

#include "libcommon/io/errors.hpp"

namespace gpt::dedup {
namespace {
constexpr std::size_t kBufferBytes = std::size_t{1} << 18;
}

SpoolFile SpoolFile::create_or_throw(const std::string& folder) {
  std::string name = folder + "/gpt-dedup-XXXXXX";
  io::FileDescriptor file(mkostemp(name.data(), O_CLOEXEC));
  if (file.number() < 0)
    throw io::IoError(folder, "cannot make a temporary file there (--temporary-folder chooses another)",
                      errno);
  ::unlink(name.c_str());
  return {std::move(file), folder};
}

void SpoolFile::append_or_throw(std::string_view bytes) {
  buffer_.append(bytes);
  if (buffer_.size() >= kBufferBytes) flush_or_throw();
}

void SpoolFile::flush_or_throw() {
  io::write_all_or_throw(file_.number(), buffer_, "temporary file in " + folder_);
  written_ += buffer_.size();
  buffer_.clear();
}

void SpoolFile::read_at_or_throw(std::uint64_t offset, std::span<char> out) const {
  std::size_t done = 0;
  while (done < out.size()) {
    const ssize_t count =
        ::pread(file_.number(), out.data() + done, out.size() - done, static_cast<off_t>(offset + done));
    if (count < 0 && errno == EINTR) continue;
    if (count <= 0)
      throw io::IoError("temporary file in " + folder_, "cannot read it back", count < 0 ? errno : 0);
    done += static_cast<std::size_t>(count);
  }
}

std::string SpoolFile::path() const { return "/proc/self/fd/" + std::to_string(file_.number()); }

}  // namespace gpt::dedup
