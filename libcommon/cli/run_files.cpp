#include "libcommon/cli/run_files.hpp"

#include <filesystem>
#include <map>
#include <utility>

#include "libcommon/cli/errors.hpp"
#include "libcommon/io/output_place.hpp"

namespace gpt::cli {
namespace {

namespace fs = std::filesystem;

// One name for each file; empty where any number may use it.
std::string identity_of(const std::string& path) {
  if (path == "-") return path;
  std::error_code error;
  const fs::file_status status = fs::status(path, error);
  if (fs::exists(status) && !fs::is_regular_file(status) && !fs::is_directory(status)) return {};
  const fs::path canonical = fs::weakly_canonical(fs::absolute(path, error), error);
  return canonical.empty() ? path : canonical.string();
}

std::string shown(const std::string& path) { return path == "-" ? "stdout" : "'" + path + "'"; }

}  // namespace

void RunFiles::check_distinct_or_throw() const {
  std::map<std::string, const Named*> taken;
  for (const Named& output : outputs_) {
    const std::string identity = identity_of(output.path);
    if (identity.empty()) continue;
    const auto [other, is_new] = taken.emplace(identity, &output);
    if (!is_new)
      throw UsageError(other->second->option + " and " + output.option + " both name " + shown(output.path) +
                       ": give each a file of its own");
  }
  for (const Named& input : inputs_) {
    if (input.path == "-") continue;
    const auto output = taken.find(identity_of(input.path));
    if (output != taken.end())
      throw UsageError(output->second->option + " would replace " + shown(input.path) +
                       ", which is read as " + input.option + ": give it another name");
  }
}

bool is_same_file(const std::string& a, const std::string& b) {
  const std::string identity = identity_of(a);
  return !identity.empty() && identity != "-" && identity == identity_of(b);
}

void check_files_or_throw(RunFiles files, const std::optional<std::string>& report) {
  files.add_output("--report", report);
  files.check_distinct_or_throw();
  if (report) io::check_output_place_or_throw(*report, io::Existing::replace);
}

void check_files_or_throw(RunFiles files, const std::optional<std::string>& report, io::Shard shard) {
  check_files_or_throw(std::move(files), report ? std::optional(io::part_name(*report, shard)) : report);
}

}  // namespace gpt::cli
