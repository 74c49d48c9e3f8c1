#pragma once

#include "libgpt/comm/communicator.hpp"

namespace gpt::comm {

// A group of one rank: every collective leaves its own numbers, on host and device. It has nobody to send
// to.
class SelfCommunicator : public Communicator {
 public:
  explicit SelfCommunicator(std::string name = "self") : name_(std::move(name)) {}

  int rank() const override { return 0; }
  int size() const override { return 1; }
  const std::string& name() const override { return name_; }

  Request start_all_reduce(Buffer values, Reduction reduction) override;
  Request start_reduce_scatter(ConstBuffer whole, Buffer shard) override;
  Request start_all_gather(ConstBuffer shard, Buffer whole) override;
  Request start_broadcast(Buffer values, int root) override;
  Request start_send(ConstBuffer values, int to, int tag) override;
  Request start_receive(Buffer values, int from, int tag) override;
  Request start_barrier() override { return {}; }

 private:
  std::string name_;
};

}  // namespace gpt::comm
