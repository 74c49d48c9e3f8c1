#include "libgpt/train/document_boundaries.hpp"

#include <doctest/doctest.h>

#include "libgpt/train/stop_decision.hpp"

using namespace gpt::train;
using Ints = std::vector<std::int32_t>;

TEST_CASE("ends of documents reset positions and attention and mask the loss behind them") {
  const Ints inputs = {5, 0, 7, 8, 0, 9, /**/ 1, 2, 3, 0, 0, 4};
  const DocumentArrays all = document_arrays({0, true, true, true}, inputs, 6);
  CHECK(all.positions == Ints{0, 1, 0, 1, 2, 0, /**/ 0, 1, 2, 3, 0, 0});
  CHECK(all.attend_from == Ints{0, 0, 2, 2, 2, 5, /**/ 0, 0, 0, 0, 4, 5});
  CHECK(all.loss_mask == std::vector<float>{1, 0, 1, 1, 0, 1, /**/ 1, 1, 1, 0, 0, 1});

  const DocumentArrays one = document_arrays({0, false, true, false}, inputs, 6);
  CHECK(one.positions.empty());
  CHECK(one.loss_mask.empty());
  CHECK(one.attend_from == all.attend_from);
}

TEST_CASE("stops come from signals, intervals and time, in that order") {
  const StopLimits limits{10, 5.0};
  CHECK(stop_reason(limits, 10, 9, true) == StopReason::requested);
  CHECK(stop_reason(limits, 10, 9, false) == StopReason::exit_interval);
  CHECK(stop_reason(limits, 11, 5.1, false) == StopReason::exit_duration);
  CHECK(stop_reason(limits, 11, 4.9, false) == StopReason::finished);
  CHECK(stop_reason({}, 10, 1e9, false) == StopReason::finished);
}
