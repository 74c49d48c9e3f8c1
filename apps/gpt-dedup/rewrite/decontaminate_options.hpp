#pragma once

#include <optional>
#include <string>
#include <vector>

#include "apps/gpt-dedup/rewrite/decontaminator.hpp"

namespace CLI {
class App;
}

namespace gpt::dedup {

// The evaluation tasks that documents are to be freed of.
struct DecontaminateOptions {
  std::vector<std::string> tasks;              // files
  std::vector<std::vector<std::string>> keys;  // fields with the text of a task: of all tasks, or of each
  NgramSizes sizes;
  CutLimits limits;
  std::optional<std::string> matches;  // where what was found is listed

  const std::vector<std::string>& keys_of(std::size_t task) const {
    return keys.size() == 1 ? keys.front() : keys[task];
  }
};

// The flags of it. Lives until the command line is parsed.
class DecontaminateFlags {
 public:
  explicit DecontaminateFlags(CLI::App& app);
  // After parsing: empty when no task is given. Throws cli::UsageError.
  std::optional<DecontaminateOptions> resolved_or_throw() const;

 private:
  DecontaminateOptions options_;
  std::vector<std::string> keys_;
};

}  // namespace gpt::dedup
