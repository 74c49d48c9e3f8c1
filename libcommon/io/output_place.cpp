#include "libcommon/io/output_place.hpp"

#include <cerrno>
#include <filesystem>

#include <unistd.h>

#include "libcommon/io/errors.hpp"

namespace gpt::io {
namespace fs = std::filesystem;

void check_output_place_or_throw(const std::string& path, Existing existing) {
  if (path == "-") return;
  check_output_or_throw(path, existing);
  std::error_code ignored;
  const fs::file_status status = fs::status(path, ignored);
  if (fs::exists(status) && !fs::is_regular_file(status)) {
    if (::access(path.c_str(), W_OK) != 0) throw IoError(path, "cannot be written", errno);
    return;
  }
  // A link is followed as OutputFile does, so that its target's folder counts.
  const fs::path place = fs::weakly_canonical(fs::absolute(path, ignored), ignored);
  const std::string folder = (place.empty() ? fs::path(path) : place).parent_path().string();
  if (folder.empty()) return;
  if (!fs::is_directory(folder, ignored)) throw IoError(folder, "is no folder; make it first", 0);
  if (::access(folder.c_str(), W_OK | X_OK) != 0)
    throw IoError(folder, "cannot be written in, so that " + path + " cannot be made", errno);
}

}  // namespace gpt::io
