#include "libgpt/cost/memory.hpp"

#include <doctest/doctest.h>

#include "libgpt/cost/parameters.hpp"
#include "libgpt/cost/published.hpp"

using namespace gpt::cost;

namespace {

const ModelShape kShape = {.layers = 24, .hidden = 1024, .heads = 16, .positions = 2048, .vocabulary = 51200};
const Batch kBatch = {2048, 2, 64};
constexpr double kSbh = 2048.0 * 2 * 1024;
constexpr double kScores = 5.0 * 16 * 2048 / 1024;  // 5as/h

double factor(const Layout& layout, Recompute recompute, Precision precision = Precision::bf16) {
  return block_activation_bytes(kShape, kBatch, layout, precision, recompute) / kSbh;
}

}  // namespace

TEST_CASE("bytes a parameter: 18 to 6 + 12/d, in fp32 16 to 8 + 8/d") {
  for (const Precision half : {Precision::fp16, Precision::bf16}) {
    CHECK(bytes_per_parameter(half, OptimizerStates::whole, 8) == 18);
    CHECK(bytes_per_parameter(half, OptimizerStates::sharded, 8) == doctest::Approx(6 + 12.0 / 8));
    CHECK(bytes_per_parameter(half, OptimizerStates::sharded, 1) == 18);
  }
  CHECK(bytes_per_parameter(Precision::fp32, OptimizerStates::whole, 8) == 16);
  CHECK(bytes_per_parameter(Precision::fp32, OptimizerStates::sharded, 8) == doctest::Approx(8 + 8.0 / 8));
}

TEST_CASE("a block's activations follow the published formulas") {
  const Layout one;
  const Layout tensor = {.tensor = 8};
  const Layout both = {.tensor = 8, .sequence = Sequence::parallel};
  CHECK(factor(one, Recompute::none) == doctest::Approx(34 + kScores));
  CHECK(factor(tensor, Recompute::none) == doctest::Approx(10 + 24.0 / 8 + kScores / 8));
  CHECK(factor(both, Recompute::none) == doctest::Approx((34 + kScores) / 8));
  CHECK(factor(both, Recompute::selective) == doctest::Approx(34.0 / 8));
  CHECK(factor(both, Recompute::full) == doctest::Approx(2));
}

TEST_CASE("in fp32 everything but the dropout masks doubles") {
  CHECK(factor({}, Recompute::none, Precision::fp32) == doctest::Approx(66 + kScores / 5 * 9));
  CHECK(factor({}, Recompute::full, Precision::fp32) == doctest::Approx(4));
}

TEST_CASE("the first stage holds min(m, p) micro batches, more when interleaved") {
  const auto in_flight = [](std::int64_t p, std::int64_t v, std::int64_t m, StagePlace place) {
    return micro_batches_in_flight({2048, 1, m}, {.pipeline = p, .virtual_stages = v}, place);
  };
  CHECK(in_flight(8, 1, 64, StagePlace::first) == 8);
  CHECK(in_flight(8, 1, 4, StagePlace::first) == 4);
  CHECK(in_flight(8, 3, 8, StagePlace::first) == 8);
  CHECK(in_flight(8, 3, 64, StagePlace::first) == doctest::Approx(8 * (1 + 7.0 / 24)));
  CHECK(in_flight(8, 1, 64, StagePlace::last) == 1);
  // The last stage runs (v - 1) p chunks ahead before its first backward pass.
  CHECK(in_flight(8, 3, 64, StagePlace::last) == doctest::Approx(17.0 / 3));
}

TEST_CASE("each stage holds fewer micro batches than the one before it") {
  const auto in_flight = [](std::int64_t v, std::int64_t m, std::int64_t stage) {
    return micro_batches_in_flight({2048, 1, m}, {.pipeline = 4, .virtual_stages = v}, stage);
  };
  for (std::int64_t stage = 0; stage < 4; ++stage)
    CHECK(in_flight(1, 8, stage) == 4 - static_cast<double>(stage));
  CHECK(in_flight(1, 2, 1) == 2);
  CHECK(in_flight(2, 8, 1) == doctest::Approx((2 * 2 + 4 + 1) / 2.0));
  CHECK(in_flight(2, 4, 0) == doctest::Approx(4));
}

TEST_CASE("a stage between holds its blocks alone") {
  const Layout layout = {.tensor = 2, .pipeline = 4, .data = 2};
  const StageMemory between = stage_memory(kShape, kBatch, layout, Precision::bf16, Recompute::none, 1);
  const ProcessMemory ends = process_memory(kShape, kBatch, layout, Precision::bf16, Recompute::none);
  CHECK(between.parameters == ends.first.parameters - (51200 / 2 + 2048) * 1024.0);
  CHECK(between.parameters == ends.last.parameters - 51200 / 2 * 1024.0 - 2 * 1024);
  CHECK(between.activations == doctest::Approx(3 * ends.last.activations));
  CHECK(between.logits == 0);
}

TEST_CASE("one process holds the whole model at 16 bytes a parameter in fp32") {
  const ProcessMemory memory = process_memory(kShape, kBatch, {}, Precision::fp32, Recompute::none);
  CHECK(memory.first.parameters == parameter_count(kShape));
  CHECK(memory.first.model == 16.0 * static_cast<double>(parameter_count(kShape)));
  CHECK(memory.first.logits == 4.0 * 2048 * 2 * 51200);
  CHECK(memory.first.activations == doctest::Approx(24 * kSbh * (66 + kScores / 5 * 9)));
  CHECK(memory.largest().total() == memory.first.total());
}

TEST_CASE("with a pipeline the stages differ by embeddings, logits and micro batches in flight") {
  const Layout layout = {.tensor = 2, .pipeline = 4, .data = 2};
  const ProcessMemory memory = process_memory(kShape, kBatch, layout, Precision::bf16, Recompute::selective);
  CHECK(memory.first.logits == 0);
  CHECK(memory.last.logits == 4.0 * 2048 * 2 * 51200 / 2);
  CHECK(memory.first.activations == doctest::Approx(4 * memory.last.activations));
  CHECK(memory.first.recomputed == 0);
  const ProcessMemory full = process_memory(kShape, kBatch, layout, Precision::bf16, Recompute::full);
  CHECK(full.first.recomputed == doctest::Approx(kSbh * (10 + 24.0 / 2 + kScores / 2)));
}

TEST_CASE("175 billion parameters on 64 GPUs fit 80 GB only with both techniques") {
  const RecomputeRun& run = recompute_runs()[1];
  const auto total = [&](Sequence sequence, Recompute recompute) {
    return process_memory(shape_of(run), batch_of(run), layout_of(run, sequence), Precision::fp16, recompute)
        .largest()
        .total();
  };
  CHECK(total(Sequence::whole, Recompute::none) > 80e9);
  CHECK(total(Sequence::parallel, Recompute::selective) < 80e9);
}
