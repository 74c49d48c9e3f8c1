// Buffers on the device that pass through host memory, on ranks that share the emulated device.
#include <algorithm>
#include <cmath>
#include <vector>

#include <doctest/doctest.h>

#include "libgpt/comm/groups_of_rank.hpp"
#include "libgpt/comm/staged_communicator.hpp"
#include "libgpt/comm/staged_world.hpp"
#include "libgpt/tensor/aligned_buffer.hpp"
#include "libgpt/tensor/copy.hpp"
#include "tests/dist/comm/check_messages.hpp"
#include "tests/dist/comm/numbers.hpp"
#include "tests/dist/dist_world.hpp"
#include "tests/support/cuda_on_cpu/device.hpp"

using namespace gpt;
using tensor::Bf16;
using tensor::F16;
using tensor::OnDevice;
using test::number_of;
using test::world;

namespace {

// Numbers that every rank can work out, in the precision of V.
template <class V>
std::vector<V> device_numbers(int rank, std::size_t count, std::size_t first = 0) {
  std::vector<V> numbers(count);
  for (std::size_t i = 0; i < count; ++i) {
    if constexpr (std::is_same_v<V, Bf16> || std::is_same_v<V, F16>) {
      numbers[i] = tensor::from_float<V>(number_of<float>(rank, first + i) / 1000.0F);
    } else {
      numbers[i] = number_of<V>(rank, first + i);
    }
  }
  return numbers;
}

template <class V>
class DeviceNumbers {
 public:
  explicit DeviceNumbers(const std::vector<V>& numbers) : memory_(numbers.size()) {
    tensor::upload<OnDevice<V>>(numbers, memory_.span());
  }
  std::span<OnDevice<V>> span() { return memory_.span(); }
  std::vector<V> on_host() { return tensor::downloaded<OnDevice<V>>(memory_.span()); }

 private:
  tensor::AlignedBuffer<OnDevice<V>> memory_;
};

template <class V>
bool same_bits(const std::vector<V>& a, const std::vector<V>& b) {
  return a.size() == b.size() &&
         std::equal(std::as_bytes(std::span(a)).begin(), std::as_bytes(std::span(a)).end(),
                    std::as_bytes(std::span(b)).begin());
}

// Sums made in another order: of large and small numbers of both signs.
template <class V>
bool is_close(V a, V b) {
  if constexpr (std::is_integral_v<V>) {
    return a == b;
  } else {
    const auto x = tensor::to_float(a), y = tensor::to_float(b);
    return std::abs(x - y) <= 0.01 * std::abs(y) + 0.1;
  }
}

// What the same numbers become in host memory, those of two bytes as floats that are rounded at the end.
template <class V>
std::vector<V> reduced_on_host(comm::Communicator& group, const std::vector<V>& mine,
                               comm::Reduction reduction) {
  if constexpr (std::is_same_v<V, Bf16> || std::is_same_v<V, F16>) {
    std::vector<float> wide;
    for (const V value : mine) wide.push_back(tensor::to_float(value));
    group.all_reduce(std::span(wide), reduction);
    std::vector<V> rounded;
    for (const float value : wide) rounded.push_back(tensor::from_float<V>(value));
    return rounded;
  } else {
    std::vector<V> values = mine;
    group.all_reduce(std::span(values), reduction);
    return values;
  }
}

template <class V>
void check_staged(comm::Communicator& host, std::size_t count) {
  comm::StagedCommunicator group(host);
  const int rank = group.rank();
  const auto ranks = static_cast<std::size_t>(group.size());
  const std::vector<V> mine = device_numbers<V>(rank, count * ranks);
  for (const auto reduction : {comm::Reduction::sum, comm::Reduction::max, comm::Reduction::min}) {
    DeviceNumbers<V> values(mine);
    group.all_reduce(values.span(), reduction);
    CHECK(same_bits(values.on_host(), reduced_on_host(host, mine, reduction)));
  }
  // the shards of a sum, also in place
  // theirs.
  const auto begin = static_cast<std::ptrdiff_t>(static_cast<std::size_t>(rank) * count);
  DeviceNumbers<V> whole(mine);
  DeviceNumbers<V> shard(std::vector<V>(count, V{}));
  group.reduce_scatter(std::span<const OnDevice<V>>(whole.span()), shard.span());
  const std::vector<V> apart = shard.on_host();
  const std::vector<V> sums = reduced_on_host(host, mine, comm::Reduction::sum);
  std::size_t wrong = 0;
  for (std::size_t i = 0; i < count; ++i)
    wrong += !is_close(apart[i], sums[static_cast<std::size_t>(begin) + i]);
  CHECK(wrong == 0);
  const auto own = whole.span().subspan(static_cast<std::size_t>(begin), count);
  group.reduce_scatter(std::span<const OnDevice<V>>(whole.span()), own);
  CHECK(same_bits(tensor::downloaded<OnDevice<V>>(own), apart));

  group.all_gather(std::span<const OnDevice<V>>(own), whole.span());
  std::vector<V> gathered(count * ranks);
  host.all_gather(comm::ConstBuffer(std::span<const V>(apart)), comm::Buffer(std::span<V>(gathered)));
  CHECK(same_bits(whole.on_host(), gathered));

  DeviceNumbers<V> from_last(device_numbers<V>(rank, count));
  group.broadcast(from_last.span(), group.size() - 1);
  CHECK(same_bits(from_last.on_host(), device_numbers<V>(group.size() - 1, count)));
  if (ranks == 1) return;
  DeviceNumbers<V> sent(device_numbers<V>(rank, count)), received(std::vector<V>(count, V{}));
  comm::Request receive = group.start_receive(received.span(), test::previous_of(group), 3);
  group.send(std::span<const OnDevice<V>>(sent.span()), test::next_of(group), 3);
  while (!receive.test()) {
  }
  CHECK(same_bits(received.on_host(), device_numbers<V>(test::previous_of(group), count)));
}

}  // namespace

TEST_CASE("buffers on the device pass through host memory") {
  const cuda_on_cpu::ScopedEmulatedDevice device;
  comm::Communicator& host = world().communicator();
  for (const std::size_t count : {0, 1, 7, 1000, 30'001}) {
    CAPTURE(count);
    check_staged<float>(host, count);
    check_staged<Bf16>(host, count);
    check_staged<F16>(host, count);
    check_staged<std::int32_t>(host, count);
  }
}

TEST_CASE("sums of two-byte numbers are made in float and rounded once") {
  const cuda_on_cpu::ScopedEmulatedDevice device;
  comm::StagedCommunicator group(world().communicator());
  // 256 + 1/2 + 1/2 + ... would stay 256 if every addition were rounded
  const float mine = group.rank() == 0 ? 256.0F : 0.5F;
  DeviceNumbers<Bf16> value({tensor::from_float<Bf16>(mine)});
  group.all_reduce(value.span());
  const float sum = 256.0F + 0.5F * static_cast<float>(group.size() - 1);
  CHECK(value.on_host()[0].bits == tensor::from_float<Bf16>(sum).bits);
}

TEST_CASE("buffers of the host go straight through, and groups without staging refuse those of the device") {
  const cuda_on_cpu::ScopedEmulatedDevice device;
  comm::Communicator& host = world().communicator();
  comm::StagedCommunicator group(host);
  CHECK(group.all_reduced<std::int64_t>(group.rank() + 1) == group.size() * (group.size() + 1) / 2);
  group.barrier();
  if (group.size() == 1) return;
  DeviceNumbers<float> values({1.0F, 2.0F});
  CHECK_THROWS_AS(host.all_reduce(values.span()), comm::CommError);
  std::vector<float> shard(1);
  CHECK_THROWS_AS(group.all_gather(std::span<const float>(shard), values.span()), comm::CommError);
}

TEST_CASE("the groups of a layout reach the device in a staged world") {
  const cuda_on_cpu::ScopedEmulatedDevice device;
  comm::StagedWorld staged(world());
  cost::Layout layout;
  layout.pipeline = world().size();
  const comm::GroupsOfRank owner(staged, layout);
  comm::Communicator& pipeline = *owner.groups().pipeline;
  DeviceNumbers<float> value({static_cast<float>(pipeline.rank() + 1)});
  pipeline.all_reduce(value.span());
  const int ranks = world().size();
  CHECK(value.on_host()[0] == static_cast<float>(ranks * (ranks + 1) / 2));
  owner.groups().tensor->all_reduce(value.span());  // a group of one
  owner.groups().world->all_reduce(value.span(), comm::Reduction::max);
  CHECK(value.on_host()[0] == static_cast<float>(ranks * (ranks + 1) / 2));
  CHECK(staged.time_limit() == world().time_limit());
}
