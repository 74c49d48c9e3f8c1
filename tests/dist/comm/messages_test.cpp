#include <vector>

#include <doctest/doctest.h>
#include <mpi.h>

#include "libgpt/comm/mpi/mpi_communicator.hpp"
#include "tests/dist/comm/numbers.hpp"
#include "tests/dist/dist_world.hpp"

using namespace gpt;
using test::numbers_of;
using test::world;

namespace {

// Large enough that a send waits for its receive.
constexpr std::size_t kLarge = 200'000;

int next_of(const comm::Communicator& group) { return (group.rank() + 1) % group.size(); }
int previous_of(const comm::Communicator& group) { return (group.rank() + group.size() - 1) % group.size(); }

// Each rank passes different numbers to both neighbours under different tags, all at once.
void check_both_directions(comm::Communicator& group, std::size_t count) {
  constexpr int kForward = 3;
  constexpr int kBackward = 4;
  const int rank = group.rank();
  const std::vector<float> forward = numbers_of<float>(rank, count);
  const std::vector<float> backward = numbers_of<float>(rank, count, count);
  std::vector<float> from_previous(count);
  std::vector<float> from_next(count);
  // the sends are started in one order and the receives in the other: the tags tell them apart
  std::vector<comm::Request> requests;
  requests.push_back(group.start_send(std::span(forward), next_of(group), kForward));
  requests.push_back(group.start_send(std::span(backward), previous_of(group), kBackward));
  requests.push_back(group.start_receive(std::span(from_next), next_of(group), kBackward));
  requests.push_back(group.start_receive(std::span(from_previous), previous_of(group), kForward));
  for (comm::Request& request : requests) request.wait();
  CHECK(from_previous == numbers_of<float>(previous_of(group), count));
  CHECK(from_next == numbers_of<float>(next_of(group), count, count));
}

}  // namespace

TEST_CASE("messages with tags go in both directions at once") {
  if (world().size() == 1) return;
  for (const std::size_t count : {std::size_t{1}, std::size_t{100}, kLarge})
    check_both_directions(world().communicator(), count);
}

TEST_CASE("a message in pieces arrives whole") {
  if (world().size() == 1) return;
  comm::MpiCommunicator pieces(MPI_COMM_WORLD, comm::MpiCommunicator::Handle::borrowed, "pieces",
                               {.largest_count = 64});
  check_both_directions(pieces, 1000);
}

TEST_CASE("messages with one tag arrive in the order they were sent") {
  if (world().size() == 1) return;
  comm::Communicator& group = world().communicator();
  constexpr std::size_t kMessages = 20;
  std::vector<std::vector<std::int64_t>> sent;
  std::vector<std::vector<std::int64_t>> received(kMessages);
  std::vector<comm::Request> requests;
  for (std::size_t i = 0; i < kMessages; ++i) {
    const std::size_t count = i % 2 == 0 ? 5 : kLarge / 10;
    sent.push_back(numbers_of<std::int64_t>(group.rank(), count, i));
    received[i].resize(count);
  }
  for (std::size_t i = 0; i < kMessages; ++i) {
    requests.push_back(group.start_receive(std::span(received[i]), previous_of(group), 0));
    requests.push_back(group.start_send(std::span<const std::int64_t>(sent[i]), next_of(group), 0));
  }
  requests.clear();  // waits
  for (std::size_t i = 0; i < kMessages; ++i)
    CHECK(received[i] == numbers_of<std::int64_t>(previous_of(group), received[i].size(), i));
}

TEST_CASE("a message shorter than the receiver's is an error there") {
  if (world().size() == 1) return;
  comm::Communicator& group = world().communicator();
  const std::vector<float> sent(5);
  std::vector<float> received(10);
  comm::Request send = group.start_send(std::span(sent), next_of(group), 1);
  comm::Request receive = group.start_receive(std::span(received), previous_of(group), 1);
  try {
    receive.wait();
    FAIL("a message of the wrong size was taken");
  } catch (const comm::CommError& error) {
    const std::string expected = "receive from rank " + std::to_string(previous_of(group)) +
                                 " of 10 F32 in group 'world', rank " + std::to_string(group.rank()) +
                                 " of " + std::to_string(group.size()) +
                                 ": 20 bytes arrived where 40 were expected";
    CHECK(error.what() == expected);
  }
}
