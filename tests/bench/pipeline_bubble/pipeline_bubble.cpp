// The bubble of the pipeline's executor, with stages that sleep: all take the same time, a backward pass
// twice a forward pass. Every rank is a stage; prints a line "p v m measured predicted difference", in per
// cent.
//
//   mpirun -n STAGES bench_pipeline_bubble CHUNKS MICRO_BATCHES [FORWARD_MS [STEPS]]
//
// FORWARD_MS (40) is of a stage, all its chunks together. Exits 1 when the median step of STEPS (3)
// is more than 3 points off.
#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <stdexcept>
#include <thread>
#include <vector>

#include "libgpt/comm/run_ranks.hpp"
#include "libgpt/cost/layout.hpp"
#include "libgpt/schedule/executor.hpp"
#include "libgpt/schedule/stage_actions.hpp"

using namespace gpt;

namespace {

constexpr double kAllowedDifference = 0.03;
constexpr int kLayers = 6;
constexpr std::size_t kStreamSize = 4 * 64 * 768;  // a micro batch of 4 x 64 tokens at a width of 768

class SleepingStage : public schedule::StageWork<float> {
 public:
  SleepingStage(double forward_seconds, schedule::Executor<float>& executor)
      : forward_seconds_(forward_seconds), executor_(executor) {}

  std::size_t stream_size() const override { return kStreamSize; }
  void forward(const schedule::Action&, std::span<const float>, std::span<float>) override {
    sleep(forward_seconds_);
  }
  void backward(const schedule::Action&, std::span<const float>, std::span<float>) override {
    sleep(2 * forward_seconds_);
  }

  double busy_seconds() const { return busy_.count(); }

 private:
  // As layers that compute, with the messages moved on between them.
  void sleep(double seconds) {
    const auto start = std::chrono::steady_clock::now();
    for (int layer = 1; layer <= kLayers; ++layer) {
      std::this_thread::sleep_until(start + std::chrono::duration<double>(seconds * layer / kLayers));
      if (layer < kLayers) executor_.progress();
    }
    busy_ += std::chrono::steady_clock::now() - start;
  }

  double forward_seconds_;
  schedule::Executor<float>& executor_;
  std::chrono::duration<double> busy_{0};
};

// Idle time over useful time of one step: the mean of the stages.
double measured_bubble(comm::Communicator& pipeline, schedule::Executor<float>& executor,
                       const schedule::PipelineShape& shape, double forward_seconds) {
  SleepingStage stage(forward_seconds / static_cast<double>(shape.chunks), executor);
  const auto actions = schedule::training_actions(shape, pipeline.rank());
  pipeline.barrier();
  const auto start = std::chrono::steady_clock::now();
  executor.run(actions, stage);
  pipeline.barrier();
  const std::chrono::duration<double> step = std::chrono::steady_clock::now() - start;
  const double busy = pipeline.all_reduced(stage.busy_seconds()) / pipeline.size();
  return (pipeline.all_reduced(step.count(), comm::Reduction::max) - busy) / busy;
}

double argument(int argc, char** argv, int at, double otherwise) {
  if (at >= argc) return otherwise;
  const double value = std::atof(argv[at]);
  if (value <= 0)
    throw std::runtime_error("usage: bench_pipeline_bubble CHUNKS MICRO_BATCHES [FORWARD_MS [STEPS]]");
  return value;
}

cli::ExitCode run(comm::Communicator& pipeline, int argc, char** argv) {
  const schedule::PipelineShape shape{pipeline.size(), static_cast<std::int64_t>(argument(argc, argv, 2, 8)),
                                      static_cast<std::int64_t>(argument(argc, argv, 1, 1))};
  const double forward_seconds = argument(argc, argv, 3, 40) / 1000;
  const auto steps = static_cast<std::size_t>(argument(argc, argv, 4, 3));
  schedule::Executor<float> executor(pipeline, shape.chunks);
  std::vector<double> bubbles;
  measured_bubble(pipeline, executor, shape, forward_seconds / 10);  // makes the buffers and the connections
  for (std::size_t i = 0; i < steps; ++i)
    bubbles.push_back(measured_bubble(pipeline, executor, shape, forward_seconds));
  std::sort(bubbles.begin(), bubbles.end());
  const double measured = bubbles[steps / 2];
  const double predicted = cost::pipeline_bubble(shape.stages, shape.micro_batches, shape.chunks);
  if (pipeline.rank() == 0) {
    std::printf("%ld %ld %ld %.2f %.2f %+.2f\n", static_cast<long>(shape.stages),
                static_cast<long>(shape.chunks), static_cast<long>(shape.micro_batches), 100 * measured,
                100 * predicted, 100 * (measured - predicted));
  }
  return std::abs(measured - predicted) <= kAllowedDifference ? cli::ExitCode::done : cli::ExitCode::failed;
}

}  // namespace

int main(int argc, char** argv) {
  return comm::run_ranks("bench_pipeline_bubble",
                         [&](comm::World& world) { return run(world.communicator(), argc, argv); });
}
