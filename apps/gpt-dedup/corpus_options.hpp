#pragma once

#include <optional>
#include <string>
#include <vector>

#include "libcommon/cli/command.hpp"
#include "libcommon/io/document.hpp"
#include "libcommon/io/record_errors.hpp"

namespace gpt::dedup {

// Which documents are read, and how: what every command that reads a corpus is told.
struct CorpusOptions {
  std::vector<std::string> inputs;   // "-" at most once
  std::vector<std::string> against;  // read before them and never written: what is there already
  std::string text_key = "text";
  std::optional<io::DocumentFormat> input_format;  // by name where it is not given
  io::OnError on_error = io::OnError::fail;
  std::string temporary_folder;

  // In reading order: those of `against`, then the others.
  std::vector<std::string> all_inputs() const;
};

// The flags of it. Lives until the command line is parsed.
class CorpusFlags {
 public:
  // Adds the inputs as positional arguments, and the flags.
  CorpusFlags(CLI::App& app, CorpusOptions& options);

  // After parsing: fills what is not of a type CLI11 knows. Throws cli::UsageError.
  void resolve_or_throw();

 private:
  CorpusOptions& options_;
  std::string input_format_ = "auto";
  std::string on_error_ = "fail";
};

// TMPDIR, or /tmp.
std::string default_temporary_folder();

// Parses the command line of a subcommand, whose word is argv[1]. Throws as Command::parse does.
cli::CommonOptions parse_subcommand(cli::Command& command, int argc, const char* const* argv);

}  // namespace gpt::dedup
