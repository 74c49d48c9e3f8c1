// Over NCCL, messages between two stages go by lanes that know no tags
// (comm::World::split_for_messages_or_throw): from a stage to the next for forward passes, to the one before
// for backward passes. What a stage takes off a lane must be what the other put on it.
#include <map>
#include <string>
#include <tuple>
#include <vector>

#include <doctest/doctest.h>

#include "libgpt/schedule/stage_actions.hpp"

using namespace gpt::schedule;

namespace {

// From, to, and the direction of the pass.
using Lane = std::tuple<std::int64_t, std::int64_t, Pass>;
// What is passed: a micro batch for one of the receiver's chunks.
using Messages = std::vector<std::pair<std::int64_t, std::int64_t>>;

struct LaneOrders {
  std::map<Lane, Messages> sent, received;
};

// As the executor posts them: receives and sends in the order of a stage's actions.
void note_stage(const PipelineShape& shape, std::int64_t stage, const std::vector<Action>& actions,
                LaneOrders& orders) {
  for (const Action& action : actions) {
    const ChunkPlace here{stage, action.chunk};
    const auto before = chunk_before(shape.stages, here);
    const auto after = chunk_after(shape.stages, shape.chunks, here);
    const auto& source = action.pass == Pass::forward ? before : after;
    const auto& destination = action.pass == Pass::forward ? after : before;
    if (source && source->stage != stage)
      orders.received[{source->stage, stage, action.pass}].emplace_back(action.micro_batch, action.chunk);
    if (destination && destination->stage != stage)
      orders.sent[{stage, destination->stage, action.pass}].emplace_back(action.micro_batch,
                                                                         destination->chunk);
  }
}

void check_lanes(const PipelineShape& shape, const LaneOrders& orders) {
  CAPTURE(shape.stages);
  CAPTURE(shape.chunks);
  CAPTURE(shape.micro_batches);
  CHECK(orders.sent == orders.received);
  for (const auto& [lane, messages] : orders.sent) {
    const auto& [from, to, pass] = lane;
    const std::int64_t step = pass == Pass::forward ? 1 : shape.stages - 1;
    CHECK(to == (from + step) % shape.stages);  // to neighbours in the ring only
  }
}

}  // namespace

TEST_CASE("on each lane a stage receives what the other sends, in its order") {
  std::size_t lanes = 0;
  for (std::int64_t stages = 2; stages <= 8; ++stages) {
    for (std::int64_t chunks = 1; chunks <= 4; ++chunks) {
      for (std::int64_t micro_batches = 1; micro_batches <= 4 * stages; ++micro_batches) {
        if (chunks > 1 && micro_batches % stages != 0) continue;
        const PipelineShape shape{stages, micro_batches, chunks};
        LaneOrders orders;
        for (std::int64_t stage = 0; stage < stages; ++stage)
          note_stage(shape, stage, training_actions(shape, stage), orders);
        check_lanes(shape, orders);
        lanes += orders.sent.size();
      }
    }
  }
  CHECK(lanes > 1000);
}

TEST_CASE("the same where nothing is trained, whatever the count of micro batches") {
  for (std::int64_t stages = 2; stages <= 6; ++stages) {
    for (std::int64_t chunks = 1; chunks <= 3; ++chunks) {
      for (std::int64_t micro_batches = 1; micro_batches <= 2 * stages + 1; ++micro_batches) {
        const PipelineShape shape{stages, micro_batches, chunks};
        LaneOrders orders;
        for (std::int64_t stage = 0; stage < stages; ++stage)
          note_stage(shape, stage, forward_only_actions(shape), orders);
        check_lanes(shape, orders);
      }
    }
  }
}
