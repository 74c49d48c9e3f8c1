#include <atomic>
#include <csignal>
#include <filesystem>
#include <map>

#include <doctest/doctest.h>
#include <sys/resource.h>

#include "libgpt/checkpoint/gather_windows.hpp"
#include "libgpt/checkpoint/model_folder.hpp"
#include "libgpt/checkpoint/save.hpp"
#include "tests/support/child_process.hpp"
#include "tests/support/thread_communicator.hpp"
#include "tests/unit/libgpt/checkpoint/rank_model.hpp"

namespace gpt::checkpoint {
namespace {

using cost::Layout;
using cost::OptimizerStates;

cost::ModelShape small_shape() {
  auto shape = SampleModel::config().model.shape;
  shape.layers = 4;
  shape.heads = 4;
  shape.vocabulary = 41;  // no multiple of the tensor ranks
  return shape;
}

const std::vector<Layout>& layouts() {
  static const std::vector<Layout> all = {
      {},
      {.tensor = 2},
      {.tensor = 4},
      {.pipeline = 2},
      {.pipeline = 2, .virtual_stages = 2},
      {.data = 2},
      {.data = 3, .optimizer = OptimizerStates::sharded},
      {.tensor = 2, .data = 2, .optimizer = OptimizerStates::sharded},
      {.tensor = 2, .pipeline = 2, .virtual_stages = 2},
      {.tensor = 2, .pipeline = 2, .data = 2, .optimizer = OptimizerStates::sharded},
      {.pipeline = 4, .data = 2, .optimizer = OptimizerStates::sharded},
  };
  return all;
}

std::string text(const Layout& layout) {
  return "tensor " + std::to_string(layout.tensor) + " pipeline " + std::to_string(layout.pipeline) + "x" +
         std::to_string(layout.virtual_stages) + " data " + std::to_string(layout.data) +
         (layout.optimizer == OptimizerStates::sharded ? " sharded" : "");
}

// Path below a folder → content.
std::map<std::string, std::string> files_of(const std::string& folder) {
  std::map<std::string, std::string> files;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(folder)) {
    if (entry.is_regular_file()) files[entry.path().string().substr(folder.size())] = slurp(entry.path());
  }
  return files;
}

void save_at(const Layout& layout, const SampleModel& whole, const cost::ModelShape& shape,
             const std::string& folder, const SaveOptions& options = {}) {
  test::run_ranks(static_cast<int>(layout.processes()), [&](comm::Communicator& world) {
    const RankModel rank(whole, shape, layout, world.rank());
    save_or_throw(world, folder, 7, rank.content(whole, 7), options);
  });
}

bool same_files(const std::string& a, const std::string& b) {
  const auto first = files_of(a);
  const auto second = files_of(b);
  return first == second && first.size() > 5;
}

TEST_CASE("what ranks save together is what one saves, byte for byte") {
  const SampleModel whole(1.0F, small_shape());
  for (const std::uint64_t shard : {std::uint64_t{5} << 30, std::uint64_t{8000}}) {
    for (const auto dtype : {tensor::DType::f32, tensor::DType::bf16}) {
      const ScratchFolder alone;
      const SaveOptions options = {.dtype = dtype, .max_shard_bytes = shard, .keep_last = 2};
      save_or_throw(alone.path(), 7, whole.content(7), options);
      for (const auto& layout : layouts()) {
        CAPTURE(text(layout));
        const ScratchFolder together;
        save_at(layout, whole, small_shape(), together.path(), options);
        CHECK(same_files(alone.path(), together.path()));
      }
    }
  }
}

TEST_CASE("tensors larger than what is gathered at once are the same, too") {
  auto shape = small_shape();
  shape.hidden = 64;
  shape.ffn_hidden = 64;
  shape.layers = 2;
  shape.vocabulary = kWindowElements / shape.hidden + 17;
  const SampleModel whole(1.0F, shape);
  const ScratchFolder alone;
  save_or_throw(alone.path(), 7, whole.content(7));
  const ScratchFolder together;
  save_at({.tensor = 2, .data = 2, .optimizer = OptimizerStates::sharded}, whole, shape, together.path());
  CHECK(same_files(alone.path(), together.path()));
}

std::vector<float> without_gaps(const model::ParameterLayout& layout, const std::vector<float>& buffer) {
  std::vector<float> values(buffer.size(), 0.0F);
  for (const auto& parameter : layout.parameters())
    std::copy_n(model::tensor_of(std::span(buffer), parameter).begin(), parameter.count,
                values.begin() + static_cast<std::ptrdiff_t>(parameter.offset));
  return values;
}

// Reads what every rank of a layout holds and compares it with what it should be.
void check_loads_at(const Layout& layout, const SampleModel& whole, const cost::ModelShape& shape,
                    const std::string& folder) {
  for (std::int64_t r = 0; r < layout.processes(); ++r) {
    const RankModel rank(whole, shape, layout, r);
    auto model = ModelFolder::open_or_throw(folder);
    std::vector<float> weights(rank.layout.buffer_size(), 0.0F);
    read_parameters_or_throw(model.weights(), rank.layout, weights);
    CHECK(weights == without_gaps(rank.layout, rank.weights));
    for (const auto moment : {OptimizerMoment::exp_avg, OptimizerMoment::exp_avg_sq}) {
      const auto& buffer = moment == OptimizerMoment::exp_avg ? rank.exp_avg : rank.exp_avg_sq;
      const auto wanted = without_gaps(rank.layout, buffer);
      auto set = model.open_optimizer_or_throw(moment);
      REQUIRE(set.has_value());
      for (const auto& [begin, end] : rank.moments_held) {
        std::vector<float> shard(end - begin, 0.0F);
        read_parameters_or_throw(*set, rank.layout, begin, shard);
        CHECK(std::equal(shard.begin(), shard.end(), wanted.begin() + static_cast<std::ptrdiff_t>(begin)));
      }
    }
  }
}

TEST_CASE("a checkpoint of any layout is loaded at any other") {
  const SampleModel whole(1.0F, small_shape());
  for (const auto& saved : layouts()) {
    const ScratchFolder scratch;
    save_at(saved, whole, small_shape(), scratch.path(), {.max_shard_bytes = 8000});
    for (const auto& loaded : layouts()) {
      CAPTURE(text(saved));
      CAPTURE(text(loaded));
      check_loads_at(loaded, whole, small_shape(), scratch.path());
    }
  }
}

// What save_or_throw says on each of two ranks when the content of rank 1 is changed.
std::vector<std::string> complaints(const std::string& folder,
                                    const std::function<void(CheckpointContent&)>& change) {
  const SampleModel whole(1.0F, small_shape());
  std::vector<std::string> said(2);
  test::run_ranks(2, [&](comm::Communicator& world) {
    const RankModel held(whole, small_shape(), {.tensor = 2}, world.rank());
    auto content = held.content(whole, 8);
    if (world.rank() == 1) change(content);
    try {
      save_or_throw(world, folder, 8, content);
    } catch (const SaveError& error) {
      said[static_cast<std::size_t>(world.rank())] = error.what();
    }
  });
  return said;
}

TEST_CASE("an element that nobody gives, or two ranks, is named on all ranks and nothing is saved") {
  const SampleModel whole(1.0F, small_shape());
  const ScratchFolder scratch;
  save_or_throw(scratch.path(), 7, whole.content(7));
  const auto before = files_of(scratch.path());
  const auto check = [&](const char* part, const std::function<void(CheckpointContent&)>& change) {
    const auto said = complaints(scratch.path(), change);
    CAPTURE(said[0]);
    CHECK(said[0].find(part) != std::string::npos);
    CHECK(said[1] == said[0]);
    CHECK(files_of(scratch.path()) == before);
    CHECK(names_in(scratch.path()) == std::vector<std::string>{"iter_0000007", "latest"});
  };
  // Tensor rank 1 holds rows 20 to 41 of wte, and of c_attn columns 4 to 8, 12 to 16 and 20 to 24 of 24.
  check("cannot save model: element 160 of tensor transformer.wte.weight [41, 8] is given by no rank",
        [](CheckpointContent& content) { content.weights.erase(content.weights.begin()); });
  check("element 327 of tensor transformer.wte.weight [41, 8] is given by no rank",
        [](CheckpointContent& content) { content.weights[0].values = content.weights[0].values.subspan(0, 167); });
  check("optimizer/exp_avg_sq: element 4 of tensor transformer.h.0.attn.c_attn.weight [8, 24] is given by no",
        [](CheckpointContent& content) { content.exp_avg_sq.erase(content.exp_avg_sq.begin() + 1); });
  check("optimizer/exp_avg: element 0 of tensor transformer.ln_f.bias [8] is given by rank 0 and by rank 1",
        [&](CheckpointContent& content) { content.exp_avg.push_back(whole.content(8).exp_avg.back()); });
  check("rank 1: cannot save tensor transformer.wte.weight: it has shape [40, 8], but in the model [41, 8]",
        [](CheckpointContent& content) {
          content.weights[0].shape = {40, 8};
        });
  check("rank 1: cannot save tensor lm_head: the model has none of that name",
        [](CheckpointContent& content) { content.weights[0].name = "lm_head"; });
}

TEST_CASE("a folder that a rank does not reach is named on all of them") {
  const SampleModel whole(1.0F, small_shape());
  const ScratchFolder scratch;
  std::atomic<int> told = 0;
  test::run_ranks(2, [&](comm::Communicator& world) {
    const RankModel held(whole, small_shape(), {.tensor = 2}, world.rank());
    const auto content = held.content(whole, 8);
    try {
      save_or_throw(world, scratch / std::to_string(world.rank()), 8, content);
    } catch (const SaveError& error) {
      const std::string said = error.what();
      if (said.find("rank 1: ") == 0 && said.find("a folder that all ranks reach") != std::string::npos)
        ++told;
    }
  });
  CHECK(told == 2);
  CHECK(names_in(scratch / "0").empty());
}

// Three ranks save, each writing one of the three files; returns how many of them were told, and all by rank
// 1, that a file of moments found no room.
int told_of_full_disk(const SampleModel& whole, const std::string& folder) {
  std::signal(SIGXFSZ, SIG_IGN);
  const auto room = static_cast<rlim_t>(whole.weights.size() * 3);  // for weights of 2 bytes, not for moments
  const rlimit limit = {room, room};
  setrlimit(RLIMIT_FSIZE, &limit);
  std::atomic<int> told = 0;
  test::run_ranks(3, [&](comm::Communicator& world) {
    const RankModel held(whole, small_shape(), {.data = 3}, world.rank());
    const auto content = held.content(whole, 8);
    try {
      save_or_throw(world, folder, 8, content, {.dtype = tensor::DType::bf16});
    } catch (const SaveError& error) {
      const std::string said = error.what();
      if (said.find("rank 1: ") == 0 && said.find("iter_0000008.tmp/optimizer/exp_avg.") != std::string::npos)
        ++told;
    }
  });
  return told;
}

TEST_CASE("a disk that is full on one rank is known to all, and earlier checkpoints stay") {
  const SampleModel whole(1.0F, small_shape());
  const ScratchFolder scratch;
  save_or_throw(scratch.path(), 7, whole.content(7));
  const auto before = files_of(scratch.path());
  // In a child, since the limit holds for a whole process.
  test::ChildProcess child([&] { return told_of_full_disk(whole, scratch.path()); });
  CHECK(child.wait() == 3);
  CHECK(files_of(scratch.path()) == before);
  CHECK(names_in(scratch.path()) == std::vector<std::string>{"iter_0000007", "latest"});
}

}  // namespace
}  // namespace gpt::checkpoint
