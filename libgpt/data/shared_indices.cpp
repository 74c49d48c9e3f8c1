#include "libgpt/data/shared_indices.hpp"

#include <array>
#include <cstddef>
#include <span>
#include <vector>

#include "libcommon/io/errors.hpp"
#include "libgpt/comm/agreement.hpp"
#include "libgpt/data/errors.hpp"

namespace gpt::data {
namespace {

EpochPlan broadcast(comm::Communicator& world, const EpochPlan& plan) {
  std::array<std::int64_t, 5> numbers = {plan.tokens_per_epoch, plan.epochs, plan.samples,
                                         plan.separate_last_epoch ? 1 : 0, plan.samples_before_last_epoch};
  world.broadcast(std::span<std::int64_t>(numbers), 0);
  return {numbers[0], numbers[1], numbers[2], numbers[3] != 0, numbers[4]};
}

// The receiving side's copy of the three arrays.
struct Copies {
  std::vector<std::int32_t> documents;
  std::vector<std::int32_t> samples;
  std::vector<std::uint32_t> shuffle;
};

void send_copies(comm::Communicator& world, const SampleIndices& indices) {
  const auto send = [&](auto values) {
    // Rank 0 is the root of the broadcast: its bytes are only read.
    const auto bytes = std::as_bytes(values);
    world.broadcast(std::span(const_cast<std::byte*>(bytes.data()), bytes.size()), 0);
  };
  send(indices.documents);
  send(indices.samples);
  send(indices.shuffle);
}

SampleIndices receive_copies(comm::Communicator& world, const SampleIndexRequest& request,
                             const EpochPlan& plan) {
  auto copies = std::make_shared<Copies>();
  const auto samples = static_cast<std::size_t>(plan.samples);
  copies->documents.resize(static_cast<std::size_t>(request.range.size() * plan.epochs));
  copies->samples.resize(2 * (samples + 1));
  copies->shuffle.resize(samples);
  world.broadcast(std::as_writable_bytes(std::span(copies->documents)), 0);
  world.broadcast(std::as_writable_bytes(std::span(copies->samples)), 0);
  world.broadcast(std::as_writable_bytes(std::span(copies->shuffle)), 0);
  return {plan, copies->documents, copies->samples, copies->shuffle, copies};
}

}  // namespace

SampleIndices share_sample_indices_or_throw(comm::Communicator& world, const std::optional<IndexCache>& cache,
                                            const SampleIndexRequest& request,
                                            const std::function<SampleIndices()>& make) {
  const bool maker = world.rank() == 0;
  SampleIndices indices;
  comm::agree_or_throw<SampleError>(world, [&] {
    if (maker) indices = make();
  });
  const EpochPlan plan = broadcast(world, indices.plan);
  if (!cache) {
    if (!maker) return receive_copies(world, request, plan);
    send_copies(world, indices);
    return indices;
  }
  comm::agree_or_throw<SampleError>(world, [&] {
    if (!maker) indices = map_sample_indices_or_throw(*cache, request, plan);
  });
  return indices;
}

}  // namespace gpt::data
