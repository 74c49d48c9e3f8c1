#pragma once

#include <memory>
#include <vector>

#include "libgpt/comm/communicator.hpp"

namespace gpt::comm {

// Passes buffers on the device by way of host memory and another communicator: for several ranks that share a
// GPU. Numbers of two bytes are summed in F32, and rounded once. Buffers in host memory go straight through.
// What lies on the device is read when a message is started and written when it is found complete; both wait
// for the device.
class StagedCommunicator : public Communicator {
 public:
  explicit StagedCommunicator(std::unique_ptr<Communicator> host) : owned_(std::move(host)), host_(*owned_) {}
  explicit StagedCommunicator(Communicator& host) : host_(host) {}  // which outlives it

  int rank() const override { return host_.rank(); }
  int size() const override { return host_.size(); }
  const std::string& name() const override { return host_.name(); }

  Request start_all_reduce(Buffer values, Reduction reduction) override;
  Request start_reduce_scatter(ConstBuffer whole, Buffer shard) override;
  Request start_all_gather(ConstBuffer shard, Buffer whole) override;
  Request start_broadcast(Buffer values, int root) override;
  Request start_send(ConstBuffer values, int to, int tag) override;
  Request start_receive(Buffer values, int from, int tag) override;
  Request start_barrier() override { return host_.start_barrier(); }

  // Host memory that messages pass through, used again and again.
  struct Block {
    std::unique_ptr<std::byte[]> bytes;
    std::size_t size = 0;
  };
  class Blocks {
   public:
    Block take(std::size_t bytes);
    void give_back(Block block);

   private:
    std::vector<Block> free_;
  };

 private:
  std::unique_ptr<Communicator> owned_;
  Communicator& host_;
  Blocks blocks_;
};

}  // namespace gpt::comm
