#include "libgpt/train/batch_ramp_up.hpp"

#include <vector>

#include <doctest/doctest.h>

using namespace gpt::train;

namespace {

// The same, step by step.
std::int64_t counted_steps(const BatchRampUp& ramp_up, std::int64_t global, std::int64_t samples) {
  std::int64_t consumed = 0;
  std::int64_t steps = 0;
  while (consumed + batch_size_at(ramp_up, global, consumed) <= samples) {
    consumed += batch_size_at(ramp_up, global, consumed);
    ++steps;
  }
  return steps;
}

}  // namespace

TEST_CASE("the batch grows in equal stretches of the ramp-up's samples") {
  const BatchRampUp ramp_up{16, 8, 300};  // 16, 24, 32, 40 for 100 samples each but the last
  CHECK(batch_size_at(ramp_up, 40, 0) == 16);
  CHECK(batch_size_at(ramp_up, 40, 99) == 16);
  CHECK(batch_size_at(ramp_up, 40, 100) == 24);
  CHECK(batch_size_at(ramp_up, 40, 299) == 32);
  CHECK(batch_size_at(ramp_up, 40, 300) == 40);
  CHECK(batch_size_at(ramp_up, 40, 1'000'000) == 40);
  CHECK(batch_size_at({}, 40, 0) == 40);
  CHECK(batch_size_at({40, 8, 300}, 40, 0) == 40);
}

TEST_CASE("steps of a ramp-up are those counted one by one") {
  const std::vector<BatchRampUp> ramps = {{16, 8, 300},  {4, 4, 17},   {2, 2, 5},
                                          {8, 16, 1000}, {40, 8, 300}, {}};
  for (const BatchRampUp& ramp_up : ramps) {
    for (const std::int64_t samples : {0, 1, 15, 16, 40, 299, 300, 301, 999, 5000}) {
      CAPTURE(ramp_up.start);
      CAPTURE(samples);
      CHECK(steps_in_samples(ramp_up, 40, samples) == counted_steps(ramp_up, 40, samples));
    }
  }
  CHECK(steps_in_samples({}, 8, 170) == 21);
}
