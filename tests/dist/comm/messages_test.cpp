#include <vector>

#include <doctest/doctest.h>

#include "tests/dist/comm/check_messages.hpp"
#include "tests/dist/dist_world.hpp"

using namespace gpt;
using test::check_both_directions;
using test::next_of;
using test::numbers_of;
using test::previous_of;
using test::world;

namespace {

// Large enough that a send waits for its receive.
constexpr std::size_t kLarge = 200'000;

}  // namespace

TEST_CASE("messages with tags go in both directions at once") {
  if (world().size() == 1) return;
  for (const std::size_t count : {std::size_t{1}, std::size_t{100}, kLarge})
    check_both_directions(world().communicator(), count);
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
