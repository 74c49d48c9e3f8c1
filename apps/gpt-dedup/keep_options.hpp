#pragma once

#include <string>
#include <vector>

#include "libcommon/cli/command.hpp"

namespace gpt::dedup {

// Which document of a group stays.
enum class Keep {
  first,    // in input order
  longest,  // the most characters
  best,     // the highest number in a field
};

const char* name_of(Keep keep);

struct KeepOptions {
  Keep keep = Keep::first;
  std::string field;                  // for Keep::best
  std::vector<std::string> priority;  // inputs whose documents come before those of others, in this order
  bool across_only = false;           // documents of one input are no duplicates of each other

  // Whether a document stays or goes is known as soon as those before it are.
  bool is_first() const { return keep == Keep::first && priority.empty() && !across_only; }
};

// Which measure of a document --keep needs. Lives until the command line is parsed, as does the next.
class ScoreFlags {
 public:
  ScoreFlags(CLI::App& app, KeepOptions& options);
  void resolve_or_throw();  // cli::UsageError

 private:
  KeepOptions& options_;
  std::string keep_ = "first";
};

// --priority and --across-only.
void add_dataset_flags(CLI::App& app, KeepOptions& options);
// Throws cli::UsageError where a name of --priority is no input.
void check_priority_or_throw(const KeepOptions& options, const std::vector<std::string>& inputs);

}  // namespace gpt::dedup
