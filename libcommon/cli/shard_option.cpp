#include "libcommon/cli/shard_option.hpp"

#include <charconv>
#include <cstdlib>
#include <string_view>

#include <CLI/CLI.hpp>

#include "libcommon/cli/errors.hpp"

namespace gpt::cli {
namespace {

std::optional<int> number_of(std::string_view text) {
  int value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return value;
}

std::optional<int> variable(const char* name) {
  const char* value = std::getenv(name);
  return value == nullptr ? std::nullopt : number_of(value);
}

// Array indices may begin anywhere; ranks begin with 0.
io::Shard shard_of_job_array(std::optional<int> rank) {
  const auto id = variable("SLURM_ARRAY_TASK_ID");
  const auto count = variable("SLURM_ARRAY_TASK_COUNT");
  if (!id || !count) {
    throw UsageError(
        "--world auto needs SLURM_ARRAY_TASK_ID and SLURM_ARRAY_TASK_COUNT in the environment, "
        "which sbatch --array sets");
  }
  return {rank.value_or(*id - variable("SLURM_ARRAY_TASK_MIN").value_or(0)), *count};
}

}  // namespace

void add_shard_options(CLI::App& app, ShardOption& option) {
  app.add_option("--rank", option.rank, "Take this share of the input, from 0; outputs are named as parts")
      ->type_name("R");
  app.add_option("--world", option.world, "Number of shares; auto: both from Slurm's job array")
      ->type_name("N");
}

io::Shard resolve_shard(const ShardOption& option) {
  if (option.world.empty()) {
    if (option.rank) throw UsageError("--rank needs --world, the number of shares");
    return {};
  }
  io::Shard shard;
  if (option.world == "auto") {
    shard = shard_of_job_array(option.rank);
  } else {
    const auto world = number_of(option.world);
    if (!world || *world < 1)
      throw UsageError("--world is '" + option.world + "', not a number from 1 or auto");
    if (!option.rank) throw UsageError("--world needs --rank, which of the shares to take");
    shard = {*option.rank, *world};
  }
  if (shard.rank < 0 || shard.rank >= shard.world) {
    throw UsageError("rank " + std::to_string(shard.rank) + " is not one of the " +
                     std::to_string(shard.world) + " shares: ranks count from 0");
  }
  return shard;
}

}  // namespace gpt::cli
