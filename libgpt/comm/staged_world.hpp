#pragma once

#include "libgpt/comm/staged_communicator.hpp"
#include "libgpt/comm/world.hpp"

namespace gpt::comm {

// The ranks of a world of the host, with groups that pass the device's buffers by way of host memory. The
// world of the host outlives it.
class StagedWorld : public World {
 public:
  explicit StagedWorld(World& host) : host_(host), world_(host.communicator()) {
    set_time_limit(host.time_limit());
  }

  Communicator& communicator() override { return world_; }
  std::unique_ptr<Communicator> split_or_throw(const std::string& name, std::optional<int> colour,
                                               int key) override {
    return staged(host_.split_or_throw(name, colour, key));
  }
  std::unique_ptr<Communicator> split_for_messages_or_throw(const std::string& name,
                                                            std::optional<int> colour, int key) override {
    return staged(host_.split_for_messages_or_throw(name, colour, key));
  }
  void end_all_on_failure(const std::function<void()>& work) override { host_.end_all_on_failure(work); }

 private:
  // A group of one reaches both memories by itself.
  static std::unique_ptr<Communicator> staged(std::unique_ptr<Communicator> host) {
    if (host->size() == 1) return host;
    return std::make_unique<StagedCommunicator>(std::move(host));
  }

  World& host_;
  StagedCommunicator world_;
};

}  // namespace gpt::comm
