// What saving and loading a model and its optimizer's state take, beside plain writes of as many bytes; what
// of a save would be left if it went on in the background of training; and reading a tensor rank's part.
//
//   bench_checkpoint LAYERS HIDDEN HEADS VOCABULARY FOLDER
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

}  // namespace

int main(int argc, char** argv) {
  if (argc != 6) {
    std::fprintf(stderr, "usage: bench_checkpoint LAYERS HIDDEN HEADS VOCABULARY FOLDER\n");
    return 2;
  }
  checkpoint::CheckpointContent content;
  auto& shape = content.config.model.shape;
  shape.layers = std::atoll(argv[1]);
  shape.hidden = std::atoll(argv[2]);
  shape.heads = std::atoll(argv[3]);
  shape.vocabulary = std::atoll(argv[4]);
  shape.positions = 1024;
  shape.ffn_hidden = 4 * shape.hidden;
  const std::string folder = argv[5];
  const model::ParameterLayout layout(shape);
  const State state(layout.buffer_size());
  content.weights = checkpoint::parameter_pieces(layout, state.buffers[0]);
  content.exp_avg = checkpoint::parameter_pieces(layout, state.buffers[1]);
  content.exp_avg_sq = checkpoint::parameter_pieces(layout, state.buffers[2]);
  const double gigabytes = static_cast<double>(3 * layout.buffer_size() * sizeof(float)) * 1e-9;
  std::printf("%.2f GB of weights and moments\n", gigabytes);

  std::filesystem::create_directories(folder);
  State copy(layout.buffer_size());
  for (int i = 0; i < 3; ++i) {
    const double plain = seconds_of([&] { write_plainly(folder + "/plain", state); });
    std::filesystem::remove(folder + "/plain");
    const double saved =
        seconds_of([&] { checkpoint::save_or_throw(folder + "/runs", i, content, {.keep_last = 1}); });
    const double copied = seconds_of([&] {
      for (std::size_t b = 0; b < 3; ++b)
        std::memcpy(copy.buffers[b].data(), state.buffers[b].data(), layout.buffer_size() * sizeof(float));
    });
    const double lost = lost_to_background(
        [&] { checkpoint::save_or_throw(folder + "/runs", 100 + i, content, {.keep_last = 1}); });
    std::printf(
        "plain write %.2f s, save %.2f s; in the background: copy %.2f s, lost to the writer %.2f s\n", plain,
        saved, copied, lost);
    for (const std::int64_t ranks : {1, 2, 4})
      std::printf("load the weights of 1 of %lld tensor ranks %.2f s\n", static_cast<long long>(ranks),
                  seconds_of([&] { load_part(folder + "/runs", shape, ranks); }));
  }
  std::filesystem::remove_all(folder + "/runs");
}
