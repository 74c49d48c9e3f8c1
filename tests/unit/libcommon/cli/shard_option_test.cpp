#include "libcommon/cli/shard_option.hpp"

#include <cstdlib>
#include <string>

#include <doctest/doctest.h>

#include "libcommon/cli/errors.hpp"

using namespace gpt::cli;

namespace {

std::string shown(const ShardOption& option) {
  const auto shard = resolve_shard(option);
  return std::to_string(shard.rank) + " of " + std::to_string(shard.world);
}

class JobArray {
 public:
  JobArray(const char* id, const char* count, const char* least) {
    setenv("SLURM_ARRAY_TASK_ID", id, 1);
    setenv("SLURM_ARRAY_TASK_COUNT", count, 1);
    if (least != nullptr) setenv("SLURM_ARRAY_TASK_MIN", least, 1);
  }
  ~JobArray() {
    for (const char* name : {"SLURM_ARRAY_TASK_ID", "SLURM_ARRAY_TASK_COUNT", "SLURM_ARRAY_TASK_MIN"})
      unsetenv(name);
  }
};

}  // namespace

TEST_CASE("rank and world name a share; without them it is everything") {
  CHECK(shown({}) == "0 of 1");
  CHECK(shown({2, "4"}) == "2 of 4");
  CHECK(shown({0, "1"}) == "0 of 1");
}

TEST_CASE("a job array gives both numbers, counted from its least index") {
  CHECK_THROWS_WITH_AS(shown({std::nullopt, "auto"}), doctest::Contains("SLURM_ARRAY_TASK_ID"), UsageError);
  {
    const JobArray from_one("4", "4", "1");
    CHECK(shown({std::nullopt, "auto"}) == "3 of 4");
    CHECK(shown({1, "auto"}) == "1 of 4");
  }
  const JobArray from_zero("0", "8", nullptr);
  CHECK(shown({std::nullopt, "auto"}) == "0 of 8");
}

TEST_CASE("what is no share is refused") {
  CHECK_THROWS_AS(shown({0, ""}), UsageError);
  CHECK_THROWS_AS(shown({std::nullopt, "4"}), UsageError);
  CHECK_THROWS_WITH_AS(shown({4, "4"}), "rank 4 is not one of the 4 shares: ranks count from 0", UsageError);
  CHECK_THROWS_AS(shown({-1, "4"}), UsageError);
  CHECK_THROWS_AS(shown({0, "0"}), UsageError);
  CHECK_THROWS_AS(shown({0, "many"}), UsageError);
}
