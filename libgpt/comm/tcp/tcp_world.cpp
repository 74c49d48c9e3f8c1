#include "libgpt/comm/tcp/tcp_world.hpp"

#include <algorithm>
#include <cstdlib>
#include <numeric>

#include "libgpt/comm/tcp/rendezvous.hpp"
#include "libgpt/comm/tcp/tcp_communicator.hpp"
#include "libgpt/comm/tcp/tcp_mesh.hpp"

namespace gpt::comm {
namespace {

std::vector<int> all_ranks(int size) {
  std::vector<int> ranks(static_cast<std::size_t>(size));
  std::iota(ranks.begin(), ranks.end(), 0);
  return ranks;
}

class TcpWorld : public JoinedWorld {
 public:
  explicit TcpWorld(const MeetingPoint& point)
      : mesh_(meet_or_throw(point), point.time_limit), world_(mesh_, all_ranks(point.size), 0, "world") {}

  Communicator& communicator() override { return world_; }

  std::unique_ptr<Communicator> split_or_throw(const std::string& name, std::optional<int> colour,
                                               int key) override {
    struct Choice {
      std::int64_t has_colour, colour, key;
    };
    const Choice mine{colour.has_value(), colour.value_or(0), key};
    std::vector<Choice> choices(static_cast<std::size_t>(size()));
    world_.all_gather(std::as_bytes(std::span(&mine, 1)), std::as_writable_bytes(std::span(choices)));
    const std::uint32_t number = ++groups_made_;
    if (!colour) return std::make_unique<SelfCommunicator>(name);
    std::vector<int> members;
    for (std::size_t rank = 0; rank < choices.size(); ++rank) {
      if (choices[rank].has_colour && choices[rank].colour == *colour)
        members.push_back(static_cast<int>(rank));
    }
    std::stable_sort(members.begin(), members.end(), [&](int a, int b) {
      return choices[static_cast<std::size_t>(a)].key < choices[static_cast<std::size_t>(b)].key;
    });
    if (members.size() == 1) return std::make_unique<SelfCommunicator>(name);
    return std::make_unique<TcpCommunicator>(mesh_, members, number, name);
  }

  void set_time_limit(std::chrono::seconds limit) override {
    World::set_time_limit(limit);
    mesh_.set_time_limit(limit);
  }

  void finalise() override {
    try {
      mesh_.set_time_limit(std::chrono::seconds(0));  // others may still be busy with something of their own
      world_.barrier();
      mesh_.say_goodbye();
    } catch (const CommError&) {  // this rank has all it needs
    }
  }

  [[noreturn]] void abort(int code) override {
    mesh_.tell_abort(code);
    std::_Exit(code);
  }

  std::optional<int> ended_by_another() override { return mesh_.ended_by_another(); }

 private:
  TcpMesh mesh_;
  TcpCommunicator world_;
  std::uint32_t groups_made_ = 0;
};

}  // namespace

std::unique_ptr<JoinedWorld> join_tcp_or_throw(const MeetingPoint& point) {
  return std::make_unique<TcpWorld>(point);
}

}  // namespace gpt::comm
