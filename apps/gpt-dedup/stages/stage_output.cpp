#include "apps/gpt-dedup/stages/stage_output.hpp"

#include <cerrno>
#include <charconv>
#include <csignal>
#include <filesystem>
#include <string_view>
#include <vector>

#include <signal.h>
#include <sys/types.h>

#include "libcommon/io/errors.hpp"
#include "libcommon/log/logger.hpp"

namespace gpt::dedup {
namespace {

namespace fs = std::filesystem;

// Whether no process of this machine has the number that ends a temporary's name.
bool has_no_process(std::string_view number) {
  pid_t process = 0;
  const auto read = std::from_chars(number.data(), number.data() + number.size(), process);
  if (read.ec != std::errc() || read.ptr != number.data() + number.size() || process <= 0) return false;
  return ::kill(process, 0) != 0 && errno == ESRCH;
}

}  // namespace

void make_folder_or_throw(const std::string& folder) {
  std::error_code error;
  fs::create_directories(folder, error);
  if (error) throw io::IoError(folder, "cannot make the folder", error.value());
}

void remove_leftovers(const std::string& result) {
  const fs::path path = result;
  const std::string beginning = path.filename().string() + ".tmp-";
  std::error_code error;
  std::vector<fs::path> leftovers;
  const fs::path folder = path.has_parent_path() ? path.parent_path() : fs::path(".");
  for (const auto& entry : fs::directory_iterator(folder, error)) {
    const std::string name = entry.path().filename().string();
    if (name.starts_with(beginning) && has_no_process(std::string_view(name).substr(beginning.size())))
      leftovers.push_back(entry.path());
  }
  for (const fs::path& leftover : leftovers) fs::remove(leftover, error);
}

std::optional<io::OutputFile> open_stage_output(const StageResult& result, const StageOptions& options) {
  if (options.finished == Finished::leave && fs::exists(result.path)) {
    if (const auto unlike = difference(result.there(), result.asked))
      throw io::DataError(result.path, "is there already, but was made with " + *unlike +
                                           ": give --force in place of --resume to make it again");
    log::info(result.path + " is there already");
    remove_leftovers(result.path);
    return std::nullopt;
  }
  io::OutputFile output(result.path, options.common.force ? io::Existing::replace : io::Existing::refuse);
  remove_leftovers(result.path);
  return output;
}

}  // namespace gpt::dedup
