// What saving and loading a model and its optimizer's state take, beside plain writes of as many bytes; what
// of a save would be left if it went on in the background of training; and reading a tensor rank's part.
// Under mpirun the ranks hold the model as tensor ranks, or by TENSOR of them and the rest data-parallel with
// shards of the moments, and only saving together is measured.
//
//   bench_checkpoint LAYERS HIDDEN HEADS VOCABULARY FOLDER [TENSOR]
#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <functional>
#include <string>
#include <thread>
#include <vector>

#include <fcntl.h>
#include <unistd.h>

#include "libgpt/checkpoint/model_folder.hpp"
#include "libgpt/checkpoint/parameter_pieces.hpp"
#include "libgpt/checkpoint/save.hpp"
#include "libgpt/comm/run_ranks.hpp"
#include "libgpt/cost/layout.hpp"
#include "libgpt/ops/gemm.hpp"

using namespace gpt;

namespace {

double wall_seconds() {
  return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count();
}

double seconds_of(const std::function<void()>& work) {
  const double start = wall_seconds();
  work();
  return wall_seconds() - start;
}

struct State {
  explicit State(std::size_t size) {
    for (auto& buffer : buffers) {
      buffer.resize(size);
      for (std::size_t i = 0; i < size; ++i) buffer[i] = static_cast<float>(i % 1000) * 1e-3F;
    }
  }
  std::vector<float> buffers[3];  // weights and both moments
};

// As many bytes, written in pieces of 4 MiB and made durable: the least a save can take here.
void write_plainly(const std::string& path, const State& state) {
  const int file = open(path.c_str(), O_WRONLY | O_CREAT | O_TRUNC, 0666);
  constexpr std::size_t kPiece = std::size_t{1} << 20;
  for (const auto& buffer : state.buffers) {
    for (std::size_t i = 0; i < buffer.size(); i += kPiece) {
      const std::size_t bytes = std::min(kPiece, buffer.size() - i) * sizeof(float);
      if (write(file, buffer.data() + i, bytes) != static_cast<ssize_t>(bytes)) std::abort();
    }
  }
  fsync(file);
  close(file);
}

// Matrix products as a training step makes them, on all threads. Returns seconds.
double products(int count) {
  constexpr std::int64_t kSize = 768;
  static std::vector<float> a(kSize * kSize, 1e-3F), b(kSize * kSize, 1e-3F), c(kSize * kSize);
  return seconds_of([&] {
    for (int i = 0; i < count; ++i) {
      ops::gemm<float>(kSize, kSize, kSize, {a.data(), kSize}, {b.data(), kSize}, {c.data(), kSize},
                       ops::Product::replace);
    }
  });
}

// How much longer products take while a save goes on beside them: what it takes from training.
double lost_to_background(const std::function<void()>& save) {
  constexpr int kBatch = 20;
  products(kBatch);
  double alone = 1e9;
  for (int i = 0; i < 10; ++i) alone = std::min(alone, products(kBatch));
  std::atomic<bool> saving = true;
  std::thread writer([&] {
    save();
    saving = false;
  });
  double lost = 0;
  while (saving) lost += products(kBatch) - alone;
  writer.join();
  return lost;
}

void load_part(const std::string& folder, const cost::ModelShape& shape, std::int64_t tensor_size) {
  const cost::Layout layout = {.tensor = tensor_size};
  auto model = checkpoint::ModelFolder::open_or_throw(folder);
  const model::ParameterLayout part(shape, model::model_part(shape, layout, cost::rank_place(layout, 0)));
  std::vector<float> weights(part.buffer_size());
  checkpoint::read_parameters_or_throw(model.weights(), part, weights);
}

struct Arguments {
  cost::ModelShape shape;
  std::string folder;
  std::int64_t tensor = 0;
};

// What one process that holds everything takes.
void measure_alone(comm::Communicator& world, const Arguments& arguments) {
  checkpoint::CheckpointContent content;
  content.config.model.shape = arguments.shape;
  const std::string& folder = arguments.folder;
  const model::ParameterLayout layout(arguments.shape);
  const State state(layout.buffer_size());
  content.weights = checkpoint::parameter_pieces(layout, state.buffers[0]);
  content.exp_avg = checkpoint::parameter_pieces(layout, state.buffers[1]);
  content.exp_avg_sq = checkpoint::parameter_pieces(layout, state.buffers[2]);
  State copy(layout.buffer_size());
  const auto save = [&](int iteration) {
    checkpoint::save_or_throw(world, folder + "/runs", iteration, content, {.keep_last = 1});
  };
  for (int i = 0; i < 3; ++i) {
    const double plain = seconds_of([&] { write_plainly(folder + "/plain", state); });
    std::filesystem::remove(folder + "/plain");
    const double saved = seconds_of([&] { save(i); });
    const double copied = seconds_of([&] {
      for (std::size_t b = 0; b < 3; ++b)
        std::memcpy(copy.buffers[b].data(), state.buffers[b].data(), layout.buffer_size() * sizeof(float));
    });
    const double lost = lost_to_background([&] { save(100 + i); });
    std::printf(
        "plain write %.2f s, save %.2f s; in the background: copy %.2f s, lost to the writer %.2f s\n", plain,
        saved, copied, lost);
    for (const std::int64_t ranks : {1, 2, 4})
      std::printf("load the weights of 1 of %lld tensor ranks %.2f s\n", static_cast<long long>(ranks),
                  seconds_of([&] { load_part(folder + "/runs", arguments.shape, ranks); }));
  }
}

void measure_together(comm::Communicator& world, const Arguments& arguments) {
  cost::Layout parallel;
  parallel.tensor = arguments.tensor > 0 ? arguments.tensor : world.size();
  parallel.data = world.size() / parallel.tensor;
  const auto place = cost::rank_place(parallel, world.rank());
  const model::ParameterLayout layout(arguments.shape, model::model_part(arguments.shape, parallel, place));
  const State state(layout.buffer_size());
  const model::Share share =
      model::share_of(static_cast<std::int64_t>(layout.buffer_size()), parallel.data, place.data);
  const auto pieces = [&](const std::vector<float>& buffer) {
    const auto first = static_cast<std::size_t>(share.begin);
    return checkpoint::parameter_pieces(
        layout, first, std::span(buffer).subspan(first, static_cast<std::size_t>(share.count())));
  };
  checkpoint::CheckpointContent content;
  content.config.model.shape = arguments.shape;
  content.weights = pieces(state.buffers[0]);
  content.exp_avg = pieces(state.buffers[1]);
  content.exp_avg_sq = pieces(state.buffers[2]);
  for (int i = 0; i < 3; ++i) {
    world.barrier();
    const double saved = seconds_of(
        [&] { checkpoint::save_or_throw(world, arguments.folder + "/runs", i, content, {.keep_last = 1}); });
    if (world.rank() == 0) std::printf("save by %d ranks %.2f s\n", world.size(), saved);
  }
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 6 && argc != 7) {
    std::fprintf(stderr, "usage: bench_checkpoint LAYERS HIDDEN HEADS VOCABULARY FOLDER [TENSOR]\n");
    return 2;
  }
  Arguments arguments;
  arguments.shape.layers = std::atoll(argv[1]);
  arguments.shape.hidden = std::atoll(argv[2]);
  arguments.shape.heads = std::atoll(argv[3]);
  arguments.shape.vocabulary = std::atoll(argv[4]);
  arguments.shape.positions = 1024;
  arguments.shape.ffn_hidden = 4 * arguments.shape.hidden;
  arguments.folder = argv[5];
  if (argc == 7) arguments.tensor = std::atoll(argv[6]);
  return comm::run_ranks("bench_checkpoint", [&](comm::World& world) {
    if (world.rank() == 0) {
      const double numbers = 3.0 * static_cast<double>(model::ParameterLayout(arguments.shape).buffer_size());
      std::printf("%.2f GB of weights and moments\n", numbers * sizeof(float) * 1e-9);
      std::filesystem::create_directories(arguments.folder);
    }
    if (world.size() == 1)
      measure_alone(world.communicator(), arguments);
    else
      measure_together(world.communicator(), arguments);
    if (world.rank() == 0) std::filesystem::remove_all(arguments.folder + "/runs");
    return cli::ExitCode::done;
  });
}
