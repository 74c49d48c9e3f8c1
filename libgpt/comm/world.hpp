#pragma once

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

  // Does work that passes messages from and into memory that is held outside of it. What it throws on a rank
  // of several ends all of them there and then, as run_ranks would a little later: the memory is still there
  // while the others, who may be reading from it, go on.
  virtual void end_all_on_failure(const std::function<void()>& work) { work(); }
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
