#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "libgpt/comm/communicator.hpp"
#include "libgpt/comm/self_communicator.hpp"

namespace gpt::comm {

// All processes that were started together, as seen by one of them. Its communicator passes host memory.
class World {
 public:
  virtual ~World() = default;
  virtual Communicator& communicator() = 0;
  int rank() { return communicator().rank(); }
  int size() { return communicator().size(); }

  // Called by every rank of the world at once: those that give the same colour form a group, in the order of
  // their keys. A rank that gives no colour stands aside and gets a group of itself. The group must not
  // outlive the world.
  virtual std::unique_ptr<Communicator> split_or_throw(const std::string& name, std::optional<int> colour,
                                                       int key) = 0;

  // The same for a group whose ranks are stages that also send to each other. Where that goes by lanes (NCCL)
  // messages with even tags from a rank to the next are one, those with odd tags to the one before another
  // (the first follows the last); messages of a lane must be received in the order in which they were sent,
  // whatever their tags, and other messages on the device are slower.
  virtual std::unique_ptr<Communicator> split_for_messages_or_throw(const std::string& name,
                                                                    std::optional<int> colour, int key) {
    return split_or_throw(name, colour, key);
  }

  // After which a rank that a message waits for counts as hung; 0: none, where ranks rightly wait for long.
  std::chrono::seconds time_limit() const { return time_limit_; }
  virtual void set_time_limit(std::chrono::seconds limit) { time_limit_ = limit; }

  // Does work that passes messages from and into memory that is held outside of it. What it throws on a rank
  // of several ends all of them there and then, as run_ranks would a little later: the memory is still there
  // while the others, who may be reading from it, go on.
  virtual void end_all_on_failure(const std::function<void()>& work) { work(); }

 private:
  std::chrono::seconds time_limit_{1800};
};

// One process that was started by itself.
class SelfWorld : public World {
 public:
  Communicator& communicator() override { return self_; }
  std::unique_ptr<Communicator> split_or_throw(const std::string& name, std::optional<int>, int) override {
    return std::make_unique<SelfCommunicator>(name);
  }

 private:
  SelfCommunicator self_{"world"};
};

}  // namespace gpt::comm
