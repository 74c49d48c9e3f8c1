#pragma once

#include <optional>
#include <string>
#include <vector>

#include "libcommon/io/shard.hpp"

namespace gpt::cli {

// The files of a run by the options that name them, for checks before the work begins.
class RunFiles {
 public:
  void add_output(const std::string& option, const std::string& path) { outputs_.push_back({option, path}); }
  void add_output(const std::string& option, const std::optional<std::string>& path) {
    if (path) add_output(option, *path);
  }
  // "" is passed over: an option that was not given.
  void add_input(const std::string& option, const std::string& path) {
    if (!path.empty()) inputs_.push_back({option, path});
  }
  void add_inputs(const std::string& option, const std::vector<std::string>& paths) {
    for (const std::string& path : paths) add_input(option, path);
  }

  // Two outputs that are one file, however their names are written, both stdout, or an output that is an
  // input: throws UsageError with both options. Devices and pipes other than stdout may be named twice.
  void check_distinct_or_throw() const;

 private:
  struct Named {
    std::string option;
    std::string path;
  };

  std::vector<Named> outputs_;
  std::vector<Named> inputs_;
};

// Whether two names are of one file; stdin and stdout, and devices, are no file.
bool is_same_file(const std::string& a, const std::string& b);

// The report of a run is written last: whether it can be, and check_distinct_or_throw with it as an output.
// Throws UsageError or io::IoError.
void check_files_or_throw(RunFiles files, const std::optional<std::string>& report);
// The same where each share of a job writes a report of its own.
void check_files_or_throw(RunFiles files, const std::optional<std::string>& report, io::Shard shard);

}  // namespace gpt::cli
