// One training step on demand, for measuring beside a peer: each line on stdin makes a step (forward,
// backward, gradient norm, clipping, AdamW) on fresh random tokens and answers "wall-seconds cpu-seconds
// loss".
//
//   bench_train_step LAYERS HIDDEN HEADS VOCABULARY MICRO_BATCH LENGTH THREADS
#include <chrono>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <iostream>
#include <random>
#include <string>
#include <vector>

#include <sys/resource.h>

#include "libgpt/model/gpt.hpp"
#include "libgpt/ops/norm.hpp"
#include "libgpt/ops/threads.hpp"
#include "libgpt/optim/adamw.hpp"
#include "libgpt/optim/clipping.hpp"

using namespace gpt;

namespace {

double cpu_seconds() {
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  const auto seconds = [](const timeval& time) {
    return static_cast<double>(time.tv_sec) + 1e-6 * static_cast<double>(time.tv_usec);
  };
  return seconds(usage.ru_utime) + seconds(usage.ru_stime);
}

double wall_seconds() {
  return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count();
}

class StepMaker {
 public:
  StepMaker(const model::ModelConfig& config, std::int64_t sequences, std::int64_t length)
      : gpt_(config),
        optimizer_(gpt_.layout(), {}),
        gradients_(gpt_.layout().buffer_size()),
        sequences_(sequences),
        length_(length),
        tokens_(static_cast<std::size_t>(sequences * length)),
        targets_(tokens_.size()) {
    gpt_.initialise(1);
  }

  double step() {
    const auto vocabulary = static_cast<std::uint32_t>(gpt_.config().shape.vocabulary);
    for (auto& token : tokens_) token = static_cast<std::int32_t>(random_() % vocabulary);
    for (auto& target : targets_) target = static_cast<std::int32_t>(random_() % vocabulary);
    model::MicroBatch batch;
    batch.sequences = sequences_;
    batch.length = length_;
    batch.tokens = tokens_;
    batch.targets = targets_;
    const auto loss = gpt_.forward_backward(batch, 1 / static_cast<double>(tokens_.size()), 0,
                                            model::Gradients::replace, gradients_.span());
    const double norm = std::sqrt(ops::sum_of_squares<float>(gradients_.span()));
    optimizer_.step(1e-4, optim::clip_factor(norm, 1), gradients_.span(), gpt_.weights());
    return loss.mean();
  }

 private:
  model::Gpt<float> gpt_;
  optim::AdamW<float> optimizer_;
  tensor::AlignedBuffer<float> gradients_;
  std::int64_t sequences_, length_;
  std::vector<std::int32_t> tokens_, targets_;
  std::mt19937 random_{1};
};

}  // namespace

int main(int argc, char** argv) {
  ops::restart_with_short_waits(argv);
  if (argc != 8) {
    std::fprintf(stderr, "usage: %s LAYERS HIDDEN HEADS VOCABULARY MICRO_BATCH LENGTH THREADS\n", argv[0]);
    return 2;
  }
  const auto number = [&](int i) { return std::int64_t{std::atoll(argv[i])}; };
  model::ModelConfig config;
  config.shape.layers = number(1);
  config.shape.hidden = number(2);
  config.shape.heads = number(3);
  config.shape.vocabulary = number(4);
  config.shape.positions = number(6);
  config.attention_dropout = config.hidden_dropout = 0;
  ops::set_threads(static_cast<int>(number(7)));
  StepMaker maker(config, number(5), number(6));
  for (std::string line; std::getline(std::cin, line);) {
    const double wall = wall_seconds();
    const double cpu = cpu_seconds();
    const double loss = maker.step();
    std::printf("%.6f %.6f %.6f\n", wall_seconds() - wall, cpu_seconds() - cpu, loss);
    std::fflush(stdout);
  }
}
