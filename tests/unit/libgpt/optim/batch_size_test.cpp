#include "libgpt/optim/batch_size.hpp"

#include <doctest/doctest.h>

using gpt::optim::BatchSize;

TEST_CASE("the batch size rises in steps of equal length") {
  // Three increments over 300 samples: 100 samples at each size.
  const BatchSize batch(64, BatchSize::Rampup{16, 16, 300}, 8);
  CHECK(batch.at(0) == 16);
  CHECK(batch.at(96) == 16);
  CHECK(batch.at(99) == 16);
  CHECK(batch.at(100) == 32);
  CHECK(batch.at(199) == 32);
  CHECK(batch.at(200) == 48);
  CHECK(batch.at(300) == 64);
  CHECK(batch.at(301) == 64);
  CHECK(batch.at(1'000'000) == 64);
}

TEST_CASE("steps and samples of a run with a rising batch size are those of its step loop") {
  const BatchSize batch(64, BatchSize::Rampup{16, 16, 300}, 8);
  for (const std::int64_t wanted : {0, 15, 16, 100, 299, 300, 340, 400, 5000}) {
    CAPTURE(wanted);
    std::int64_t consumed = 0, steps = 0;
    while (consumed + batch.at(consumed) <= wanted) {
      consumed += batch.at(consumed);
      ++steps;
    }
    CHECK(batch.steps_over(wanted) == steps);
    CHECK(batch.samples_of(steps) == consumed);
    CHECK(batch.consumed_after(batch.samples_of(2), steps) == batch.samples_of(steps + 2));
  }
}

TEST_CASE("a constant batch size is that") {
  const BatchSize batch(6);
  CHECK(batch.at(0) == 6);
  CHECK(batch.steps_over(20) == 3);
  CHECK(batch.samples_of(3) == 18);
  CHECK(BatchSize(6, BatchSize::Rampup{6, 2, 100}, 2).at(5) == 6);
  CHECK(BatchSize(6, BatchSize::Rampup{2, 2, 0}, 2).at(1) == 6);
}

TEST_CASE("batch sizes that cannot be reached are refused with what could") {
  const auto refusal = [](BatchSize::Rampup rampup, std::int64_t multiple) {
    try {
      BatchSize(64, rampup, multiple);
    } catch (const std::invalid_argument& error) {
      return std::string(error.what());
    }
    return std::string();
  };
  CHECK(refusal({16, 10, 100}, 2).find("an increment that divides 48") != std::string::npos);
  CHECK(refusal({65, 1, 100}, 1).find("above --global-batch-size 64") != std::string::npos);
  CHECK(refusal({16, 16, 100}, 12).find("multiple of 12") != std::string::npos);
  CHECK(refusal({0, 16, 100}, 1) != "");
  CHECK(refusal({16, 16, 100}, 16) == "");
}
