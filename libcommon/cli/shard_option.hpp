#pragma once

#include <optional>
#include <string>

#include "libcommon/io/shard.hpp"

namespace CLI {
class App;
}

namespace gpt::cli {

// --rank and --world as they were given.
struct ShardOption {
  std::optional<int> rank;
  std::string world;  // a number, or "auto": both from Slurm's job array
};

void add_shard_options(CLI::App& app, ShardOption& option);

// The share they mean; everything where neither was given. Throws UsageError, also where "auto" finds no job
// array in the environment.
io::Shard resolve_shard(const ShardOption& option);

}  // namespace gpt::cli
