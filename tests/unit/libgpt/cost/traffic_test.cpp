#include "libgpt/cost/traffic.hpp"

#include <doctest/doctest.h>

using namespace gpt::cost;

namespace {
const ModelShape kShape = {.layers = 24, .hidden = 1024, .heads = 16, .positions = 2048, .vocabulary = 51200};
const Batch kBatch = {2048, 2, 64};
constexpr double kSbh = 2048.0 * 2 * 1024;
}  // namespace

TEST_CASE("elements sent are bsh, 8bsh(t-1)/t and 2(d-1)/d P") {
  CHECK(pipeline_elements(kShape, kBatch) == kSbh);
  CHECK(tensor_elements(kShape, kBatch, {.tensor = 8}) == doctest::Approx(8 * kSbh * 7 / 8));
  CHECK(data_elements(1e9, {.data = 4}) == doctest::Approx(1.5e9));
}

TEST_CASE("a lone process sends nothing") {
  const StepTraffic traffic = step_traffic(kShape, kBatch, {}, Precision::bf16, 1e6);
  CHECK(traffic.pipeline == 0);
  CHECK(traffic.tensor == 0);
  CHECK(traffic.data == 0);
}

TEST_CASE("a step's bytes: micro batches, layers and precision multiply") {
  const Layout layout = {.tensor = 2, .pipeline = 4, .data = 2};
  const StepTraffic traffic = step_traffic(kShape, kBatch, layout, Precision::bf16, 1e8);
  CHECK(traffic.pipeline == doctest::Approx(2 * 2 * 16 * kSbh));
  CHECK(traffic.tensor == doctest::Approx(2 * 16 * 6 * 4 * kSbh));
  CHECK(traffic.data == doctest::Approx(4 * 1e8));
  Layout interleaved = layout;
  interleaved.virtual_stages = 3;
  CHECK(step_traffic(kShape, kBatch, interleaved, Precision::bf16, 1e8).pipeline ==
        doctest::Approx(3 * traffic.pipeline));
}
