#include "apps/gpt-dedup/stage_output.hpp"

#include <filesystem>
#include <vector>

#include "libcommon/io/errors.hpp"
#include "libcommon/log/logger.hpp"

namespace gpt::dedup {
namespace {

namespace fs = std::filesystem;

// Temporaries of OutputFile that no commit turned into the file itself.
void remove_leftovers(const fs::path& path) {
  const std::string beginning = path.filename().string() + ".tmp-";
  std::error_code error;
  std::vector<fs::path> leftovers;
  const fs::path folder = path.has_parent_path() ? path.parent_path() : fs::path(".");
  for (const auto& entry : fs::directory_iterator(folder, error))
    if (entry.path().filename().string().starts_with(beginning)) leftovers.push_back(entry.path());
  for (const fs::path& leftover : leftovers) fs::remove(leftover, error);
}

}  // namespace

void make_folder_or_throw(const std::string& folder) {
  std::error_code error;
  fs::create_directories(folder, error);
  if (error) throw io::IoError(folder, "cannot make the folder", error.value());
}

std::optional<io::OutputFile> open_stage_output(const std::string& path, const StageOptions& options) {
  if (options.finished == Finished::leave && fs::exists(path)) {
    log::info(path + " is there already");
    return std::nullopt;
  }
  remove_leftovers(path);
  return io::OutputFile(path, options.common.force ? io::Existing::replace : io::Existing::refuse);
}

}  // namespace gpt::dedup
