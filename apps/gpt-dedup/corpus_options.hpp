#pragma once

#include <optional>
#include <string>
#include <vector>

#include "libcommon/cli/command.hpp"
#include "libcommon/cli/run_files.hpp"
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

// Checks a run's files before its work: the corpus and what is in `files` already are told apart, as are the
// references from the inputs. Throws cli::UsageError, or io::IoError where the report cannot be written.
void check_files_or_throw(cli::RunFiles files, const CorpusOptions& corpus, const cli::CommonOptions& common);

// TMPDIR, or /tmp.
std::string default_temporary_folder();

// Parses the command line of a subcommand, whose word is argv[1]. Throws as Command::parse does.
cli::CommonOptions parse_subcommand(cli::Command& command, int argc, const char* const* argv);

}  // namespace gpt::dedup
