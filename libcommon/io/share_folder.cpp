#include "libcommon/io/share_folder.hpp"

#include <cstdlib>
#include <filesystem>
#include <system_error>
#include <vector>

namespace gpt::io {
namespace {

namespace fs = std::filesystem;

std::vector<fs::path> share_folders() {
  std::vector<fs::path> folders;
  if (const char* chosen = std::getenv("GPT_SHARE"); chosen != nullptr && *chosen != '\0') {
    folders.emplace_back(chosen);
  }
  std::error_code ignored;
  const fs::path program = fs::read_symlink("/proc/self/exe", ignored);
  if (!program.empty()) folders.push_back(program.parent_path().parent_path() / "share" / "gpt-toolkit");
  folders.emplace_back(GPT_SOURCE_SHARE);
  folders.emplace_back(GPT_INSTALLED_SHARE);
  return folders;
}

}  // namespace

std::optional<std::string> find_shared_file(std::string_view relative_path) {
  for (const fs::path& folder : share_folders()) {
    const fs::path candidate = folder / relative_path;
    std::error_code ignored;
    if (fs::is_regular_file(candidate, ignored)) return candidate.string();
  }
  return std::nullopt;
}

}  // namespace gpt::io
