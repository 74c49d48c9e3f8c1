#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "libcommon/log/logger.hpp"
#include "libcommon/log/progress.hpp"

namespace CLI {
class App;
}

namespace gpt::cli {

// What every tool understands, read by Command::parse.
struct CommonOptions {
  int threads = 0;  // after parsing: at least 1; by default the size of the affinity mask
  std::uint64_t seed = 1234;
  std::optional<std::string> report;  // where the JSON run report goes
  log::Level log_level = log::Level::info;
  log::ProgressMode progress = log::ProgressMode::automatic;
  bool force = false;  // replace existing outputs
};

// A tool's command line: CLI11 with the rules all eight share (docs/HACKING.md, "The command line").
//   - precedence flag > environment (common options only: GPT_THREADS, GPT_CONFIG ...) > --config file >
//   default
//   - `_` stands for `-` in long option names, on the command line and in the file
//   - of an option given twice the last counts
//   - a mistyped option, or key in the file, is answered with the nearest right one; a wrong value from the
//     environment or the file with where it came from
// Parsing opens no file but the one of --config.
class Command {
 public:
  // summary: one line; examples: the lines shown at the end of --help.
  Command(std::string name, std::string summary, std::string examples);
  ~Command();
  Command(const Command&) = delete;
  Command& operator=(const Command&) = delete;

  // The CLI11 application to which a tool adds its own options and subcommands, before parse.
  CLI::App& app() { return *app_; }

  // Throws UsageError on a wrong command line, InformationRequested for --help and --version.
  // Applies --log-level, -v and -q to the process's logger.
  CommonOptions parse(int argc, const char* const* argv);

 private:
  void add_common_options();
  std::vector<std::string> with_environment(std::vector<std::string> arguments) const;
  std::string origin_of_value(const std::string& message, const std::vector<std::string>& arguments) const;

  std::string name_;
  std::unique_ptr<CLI::App> app_;
  CommonOptions common_;
  std::string log_level_name_ = "info";
  std::string progress_name_ = "auto";
  int verbose_ = 0;
  bool quiet_ = false;
};

// Number of processors this process may run on (its affinity mask), at least 1.
int available_processors();

}  // namespace gpt::cli
