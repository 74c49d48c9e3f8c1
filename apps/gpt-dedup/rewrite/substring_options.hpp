#pragma once

#include <cstddef>
#include <optional>
#include <string>

namespace CLI {
class App;
}

namespace gpt::dedup {

// Which runs of bytes are taken out where they come again.
struct SubstringOptions {
  std::size_t length = 0;                             // bytes of a run, at least
  std::size_t shard_bytes = std::size_t{128} << 20U;  // of text that is searched together
};

// The flags of it. Lives until the command line is parsed.
class SubstringFlags {
 public:
  explicit SubstringFlags(CLI::App& app);
  // After parsing: empty where no length is given. Throws cli::UsageError, also where this build has no
  // suffix arrays.
  std::optional<SubstringOptions> resolved_or_throw() const;

 private:
  std::optional<std::size_t> length_;
  std::optional<std::size_t> shard_mebibytes_;
};

}  // namespace gpt::dedup
