#pragma once

#include <vector>

#include <doctest/doctest.h>

#include "libgpt/comm/communicator.hpp"
#include "tests/dist/comm/numbers.hpp"

namespace gpt::test {

inline int next_of(const comm::Communicator& group) { return (group.rank() + 1) % group.size(); }
inline int previous_of(const comm::Communicator& group) {
  return (group.rank() + group.size() - 1) % group.size();
}

// Each rank passes different numbers to both neighbours under different tags, all at once.
inline void check_both_directions(comm::Communicator& group, std::size_t count) {
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

}  // namespace gpt::test
