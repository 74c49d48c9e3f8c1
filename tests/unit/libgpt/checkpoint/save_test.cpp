#include "libgpt/checkpoint/save.hpp"

#include <atomic>
#include <csignal>
#include <cstdlib>
#include <functional>
#include <random>

#include <doctest/doctest.h>
#include <sys/resource.h>
#include <sys/wait.h>

#include "libcommon/io/errors.hpp"
#include "libgpt/checkpoint/model_folder.hpp"
#include "tests/support/child_process.hpp"
#include "tests/support/thread_communicator.hpp"
#include "tests/unit/libgpt/checkpoint/complete_checkpoint.hpp"
#include "tests/unit/libgpt/checkpoint/rank_model.hpp"

namespace gpt::checkpoint {
namespace {

using Names = std::vector<std::string>;

TEST_CASE("a checkpoint is read back bit for bit, through latest and directly") {
  const ScratchFolder scratch;
  const SampleModel sample;
  const auto path = save_or_throw(scratch.path(), 100, sample.content(100));
  CHECK(path == scratch / "iter_0000100");
  CHECK(names_in(scratch.path()) == Names{"iter_0000100", "latest"});
  CHECK(slurp(scratch / "latest") == "iter_0000100\n");
  check_equal(scratch.path(), sample);
  check_equal(path, sample);
  const auto model = ModelFolder::open_or_throw(scratch.path());
  CHECK(model.path() == path);
  CHECK(model.trainer_state_or_throw()->iteration == 100);
  CHECK(model.trainer_state_or_throw()->texts.at("data") == "a \"quoted\" path");
  CHECK(model.small_file_or_throw("merges.txt") == "#version: 0.2\n");
  CHECK_FALSE(model.small_file_or_throw("tokenizer.json").has_value());
  CHECK(names_in(path) == Names{"checksums.json", "config.json", "merges.txt", "model.safetensors",
                                "optimizer", "trainer_state.json", "vocab.json"});
}

TEST_CASE("large models are cut into shards with an index") {
  const ScratchFolder scratch;
  const SampleModel sample;
  save_or_throw(scratch.path(), 1, sample.content(), {.max_shard_bytes = 1500});
  const auto names = names_in(scratch / "iter_0000001");
  CHECK(std::count_if(names.begin(), names.end(),
                      [](const auto& name) { return name.find("-of-0000") != name.npos; }) > 2);
  CHECK(std::find(names.begin(), names.end(), "model.safetensors.index.json") != names.end());
  check_equal(scratch.path(), sample);
}

TEST_CASE("weights can be saved in less precision, moments never are") {
  const ScratchFolder scratch;
  const SampleModel sample;
  save_or_throw(scratch.path(), 1, sample.content(), {.dtype = tensor::DType::bf16});
  auto model = ModelFolder::open_or_throw(scratch.path());
  const auto weights = read_all(model.weights(), sample.layout);
  const auto wanted = saved_part(sample.layout, sample.weights);
  for (std::size_t i = 0; i < weights.size(); ++i)
    REQUIRE(weights[i] == doctest::Approx(wanted[i]).epsilon(0.004));
  CHECK(weights != wanted);
  auto moment = model.open_optimizer_or_throw(OptimizerMoment::exp_avg);
  CHECK(read_all(*moment, sample.layout) == saved_part(sample.layout, sample.exp_avg));
  CHECK(slurp(scratch / "iter_0000001/config.json").find("\"bfloat16\"") != std::string::npos);
}

TEST_CASE("only the last checkpoints are kept when asked") {
  const ScratchFolder scratch;
  const SampleModel sample;
  for (const int iteration : {10, 20, 30})
    save_or_throw(scratch.path(), iteration, sample.content(iteration));
  CHECK(names_in(scratch.path()) == Names{"iter_0000010", "iter_0000020", "iter_0000030", "latest"});
  save_or_throw(scratch.path(), 40, sample.content(40), {.keep_last = 2});
  CHECK(names_in(scratch.path()) == Names{"iter_0000030", "iter_0000040", "latest"});
  save_or_throw(scratch.path(), 50, sample.content(50), {.keep_last = 1});
  CHECK(names_in(scratch.path()) == Names{"iter_0000050", "latest"});
}

TEST_CASE("the same iteration is replaced and leftovers of killed runs go") {
  const ScratchFolder scratch;
  std::filesystem::create_directories(scratch / "iter_0000007.tmp/optimizer");
  spill(scratch / "iter_0000007.tmp/model.safetensors", "half");
  spill(scratch / "latest.tmp-123", "iter_");
  spill(scratch / "notes.tmp", "not ours");
  save_or_throw(scratch.path(), 7, SampleModel(1.0F).content(7));
  const SampleModel second(2.0F);
  save_or_throw(scratch.path(), 7, second.content(7));
  check_equal(scratch.path(), second);
  CHECK(names_in(scratch.path()) == Names{"iter_0000007", "latest", "notes.tmp"});
}

TEST_CASE("a model is exported to exactly the path asked for, once") {
  const ScratchFolder scratch;
  const SampleModel sample;
  export_model_or_throw(scratch / "model", sample.content());
  check_equal(scratch / "model", sample);
  CHECK_THROWS_AS(export_model_or_throw(scratch / "model", sample.content()), io::IoError);
}

// In a child, since the limit and the signal hold for a whole process.
int exit_status_of_child(const std::function<void()>& body) {
  const pid_t child = fork();
  REQUIRE(child >= 0);
  if (child == 0) {
    try {
      body();
    } catch (const SaveError& error) {
      _exit(std::string(error.what()).find("iter_0000002") != std::string::npos ? 1 : 2);
    } catch (...) {
      _exit(3);
    }
    _exit(0);
  }
  int status = 0;
  waitpid(child, &status, 0);
  return WIFEXITED(status) ? WEXITSTATUS(status) : -WTERMSIG(status);
}

TEST_CASE("a save that finds no room leaves the checkpoint before it and nothing else") {
  const ScratchFolder scratch;
  const SampleModel sample;
  save_or_throw(scratch.path(), 1, sample.content(1));
  const int status = exit_status_of_child([&] {
    std::signal(SIGXFSZ, SIG_IGN);
    const rlimit limit = {4096, 4096};
    setrlimit(RLIMIT_FSIZE, &limit);
    save_or_throw(scratch.path(), 2, SampleModel(5.0F).content(2));
  });
  CHECK(status == 1);
  CHECK(names_in(scratch.path()) == Names{"iter_0000001", "latest"});
  check_equal(scratch.path(), sample);
}

// Saves as two pipeline stages of a thread each, or alone; one checkpoint after the other, until it is
// killed.
void save_without_end(const std::string& folder, int ranks) {
  const auto shape = SampleModel::config().model.shape;
  for (int i = 1;; ++i) {
    const SampleModel whole(static_cast<float>(i));
    test::run_ranks(ranks, [&](comm::Communicator& world) {
      const RankModel rank(whole, shape, {.pipeline = ranks}, world.rank());
      save_or_throw(world, folder, i, rank.content(whole, i), {.keep_last = 2});
    });
  }
}

// Kills a saving child at moments spread over several saves.
void kill_during_saves(int tries, int ranks) {
  const ScratchFolder scratch;
  save_or_throw(scratch.path(), 0, SampleModel(0.0F).content(0));
  std::mt19937 random(1234);
  for (int attempt = 0; attempt < tries; ++attempt) {
    test::ChildProcess child([&] {
      save_without_end(scratch.path(), ranks);
      return 1;
    });
    usleep(std::uniform_int_distribution<useconds_t>(300, 150'000)(random));
    child.signal(SIGKILL);
    REQUIRE(child.wait() == 128 + SIGKILL);
    check_all_complete(scratch.path());
  }
}

TEST_CASE("a save killed at any moment leaves only complete checkpoints") {
  kill_during_saves(6, 1);
  kill_during_saves(3, 2);
}

// Run by tests/cli/checkpoint/kill_during_save.sh.
TEST_CASE("a save killed at any of many moments leaves only complete checkpoints" * doctest::skip()) {
  kill_during_saves(100, 1);
  kill_during_saves(100, 2);
}

// Run by tests/cli/checkpoint/disk_full.sh, which gives a file system that has room for one checkpoint.
TEST_CASE("a file system that fills up keeps the checkpoint it holds" * doctest::skip()) {
  const char* folder = std::getenv("GPT_SMALL_FOLDER");
  REQUIRE(folder != nullptr);
  auto shape = SampleModel::config().model.shape;
  shape.vocabulary = 10'000;  // some 320 KB a file
  const SampleModel whole(1.0F, shape);
  save_or_throw(folder, 1, whole.content(1));
  std::atomic<int> told = 0;
  test::run_ranks(2, [&](comm::Communicator& world) {
    const RankModel rank(whole, shape, {.pipeline = 2}, world.rank());
    try {
      save_or_throw(world, folder, 2, rank.content(whole, 2));
    } catch (const SaveError& error) {
      CHECK(std::string(error.what()).find("No space left on device") != std::string::npos);
      ++told;
    }
  });
  CHECK(told == 2);
  CHECK(names_in(folder) == Names{"iter_0000001", "latest"});
  auto model = ModelFolder::open_or_throw(folder);
  CHECK(read_all(model.weights(), whole.layout) == saved_part(whole.layout, whole.weights));
}

// Run by tests/interop/transformers.sh.
TEST_CASE("a model is written for other programs" * doctest::skip()) {
  const char* model_path = std::getenv("GPT_INTEROP_MODEL");
  const char* target = std::getenv("GPT_INTEROP_FOLDER");
  REQUIRE(model_path != nullptr);
  REQUIRE(target != nullptr);
  auto folder = ModelFolder::open_or_throw(model_path);
  const model::ParameterLayout layout(folder.config().model.shape);
  const auto weights = read_all(folder.weights(), layout);
  CheckpointContent content;
  content.config = folder.config();
  content.weights = parameter_pieces(layout, weights);
  const std::string root = std::string(target) + "/";
  export_model_or_throw(root + "single", content);
  export_model_or_throw(root + "sharded", content, {.max_shard_bytes = 20000});
  export_model_or_throw(root + "bf16", content, {.dtype = tensor::DType::bf16});
}

}  // namespace
}  // namespace gpt::checkpoint
