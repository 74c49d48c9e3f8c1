#include "libgpt/cost/fitting_options.hpp"

#include <doctest/doctest.h>

using namespace gpt::cost;

namespace {

// GPT-2 of 1.5 billion parameters on eight ranks.
TrainingTask task() {
  TrainingTask task;
  task.shape.layers = 48;
  task.shape.hidden = 1600;
  task.shape.heads = 25;
  task.shape.positions = 1024;
  task.shape.vocabulary = 50257;
  task.batch = {1024, 16, 512};
  task.layout.data = 8;
  task.precision = Precision::bf16;
  return task;
}

constexpr double kGiB = 1073741824.0;

}  // namespace

TEST_CASE("a run that does not fit is told each change that makes it fit") {
  const TrainingTask large = task();
  const double needed = largest_process_bytes(large);
  CHECK(needed > 60 * kGiB);
  const auto texts = options_that_fit(large, 60 * kGiB);
  REQUIRE(texts.size() >= 2);
  CHECK(texts[0].starts_with("--micro-batch-size "));
  CHECK(texts[1].starts_with("--recompute-granularity "));
  // What is proposed is the least change: twice as much would not fit.
  TrainingTask next = large;
  next.batch.micro_batch = 2 * std::stoll(texts[0].substr(texts[0].rfind(' ') + 1));
  CHECK(largest_process_bytes(next) > 0.92 * 60 * kGiB);
}

TEST_CASE("where no change alone suffices, several together are proposed, and nothing where nothing helps") {
  const auto texts = options_that_fit(task(), 16 * kGiB);
  REQUIRE(texts.size() == 1);
  CHECK(texts[0].find("--use-distributed-optimizer") != std::string::npos);
  CHECK(texts[0].find("--recompute-granularity full") != std::string::npos);
  TrainingTask alone = task();
  alone.layout.data = 1;
  CHECK(options_that_fit(alone, 4 * kGiB).empty());
}

TEST_CASE("sixteen-bit numbers take half the activations of fp32, and more for weights' copies") {
  TrainingTask brief = task(), exact = task();
  exact.precision = Precision::fp32;
  brief.layout.data = exact.layout.data = 1;
  CHECK(largest_process_bytes(brief) < largest_process_bytes(exact));
  CHECK(largest_process_bytes(brief) > largest_process_bytes(exact) / 2);
}
