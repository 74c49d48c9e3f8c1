// One training step on demand, for measuring beside a peer or the machine's limits: each line on stdin names
// a piece of work and is answered by "wall-seconds cpu-seconds value".
//   step      forward, backward, gradient norm, clipping, AdamW on fresh random tokens; its loss
//   products  only the matrix products of a step, by dnnl_sgemm itself; GFLOP a second
//   adamw     only the optimizer's update; GB/s of its 4 reads and 3 writes
//   stream    a plain loop of 4 reads and 3 writes over as many numbers; GB/s
//
//   bench_train_step LAYERS HIDDEN HEADS VOCABULARY MICRO_BATCH LENGTH THREADS
#include <array>
#include <chrono>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <iostream>
#include <random>
#include <string>
#include <vector>

#include <oneapi/dnnl/dnnl.h>
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

  double update_bytes() const { return 7.0 * sizeof(float) * static_cast<double>(gradients_.size()); }

  double update() {
    const double start = wall_seconds();
    optimizer_.step(0, 1, gradients_.span(), gpt_.weights());
    return update_bytes() / (wall_seconds() - start) / 1e9;
  }

  // In place on three of the arrays, as the update is; what it computes is of no use.
  double stream() {
    float *a = gpt_.weights().data(), *b = optimizer_.first_moments().data(),
          *c = optimizer_.second_moments().data();
    const float* d = gradients_.data();
    const auto count = static_cast<std::int64_t>(gradients_.size());
    const double start = wall_seconds();
#pragma omp parallel for simd schedule(static)
    for (std::int64_t i = 0; i < count; ++i) {
      const float zero = 0 * d[i];
      a[i] += zero;
      b[i] += zero;
      c[i] += zero;
    }
    return update_bytes() / (wall_seconds() - start) / 1e9;
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

// The matrix products of a step, as a program would make them that calls dnnl_sgemm and nothing else.
class StepProducts {
 public:
  StepProducts(const cost::ModelShape& shape, std::int64_t rows)
      : shape_(shape),
        rows_(rows),
        a_(static_cast<std::size_t>(std::max(shape.vocabulary, 4 * shape.hidden) *
                                    std::max(rows, shape.hidden))),
        b_(a_.size()),
        c_(a_.size()) {}

  double run() {
    const std::int64_t h = shape_.hidden;
    const std::array<std::array<std::int64_t, 2>, 4> linears = {{{h, 3 * h}, {h, h}, {h, 4 * h}, {4 * h, h}}};
    flops_ = 0;
    const double start = wall_seconds();
    for (std::int64_t layer = 0; layer < shape_.layers; ++layer) {
      for (const auto& [in, out] : linears) {
        product('N', 'N', rows_, out, in);  // forward
        product('N', 'T', rows_, in, out);  // gradient of the input
        product('T', 'N', in, out, rows_);  // gradient of the weight
      }
    }
    product('N', 'T', rows_, shape_.vocabulary, h);
    product('N', 'N', rows_, h, shape_.vocabulary);
    product('T', 'N', shape_.vocabulary, h, rows_);
    return flops_ / (wall_seconds() - start) / 1e9;
  }

 private:
  void product(char ta, char tb, std::int64_t m, std::int64_t n, std::int64_t k) {
    dnnl_sgemm(ta, tb, m, n, k, 1, a_.data(), ta == 'N' ? k : m, b_.data(), tb == 'N' ? n : k, 0, c_.data(),
               n);
    flops_ += 2.0 * static_cast<double>(m) * static_cast<double>(n) * static_cast<double>(k);
  }

  cost::ModelShape shape_;
  std::int64_t rows_;
  tensor::AlignedBuffer<float> a_, b_, c_;
  double flops_ = 0;
};

}  // namespace

int main(int argc, char** argv) {
  ops::restart_with_fitting_waits(argv);
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
  StepProducts products(config.shape, number(5) * number(6));
  for (std::string line; std::getline(std::cin, line);) {
    const double wall = wall_seconds();
    const double cpu = cpu_seconds();
    const double value = line == "products" ? products.run()
                         : line == "adamw"  ? maker.update()
                         : line == "stream" ? maker.stream()
                                            : maker.step();
    std::printf("%.6f %.6f %.6f\n", wall_seconds() - wall, cpu_seconds() - cpu, value);
    std::fflush(stdout);
  }
}
