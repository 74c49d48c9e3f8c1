#pragma once

#include "libgpt/comm/collective_sink.hpp"
#include "libgpt/comm/communicator.hpp"

namespace gpt::comm {

// Passes everything on to another communicator and reports each message when it is complete, or, of the
// device, when its compute stream was told to wait for it. A message that
// is given up (see ~Request) is not reported. Neither the communicator nor the sink is owned; both must
// outlive it and its requests.
class TimedCommunicator : public Communicator {
 public:
  TimedCommunicator(Communicator& timed, CollectiveSink& sink) : timed_(timed), sink_(sink) {
    timed_.time_on_device();
  }

  int rank() const override { return timed_.rank(); }
  int size() const override { return timed_.size(); }
  const std::string& name() const override { return timed_.name(); }

  Request start_all_reduce(Buffer values, Reduction reduction) override;
  Request start_reduce_scatter(ConstBuffer whole, Buffer shard) override;
  Request start_all_gather(ConstBuffer shard, Buffer whole) override;
  Request start_broadcast(Buffer values, int root) override;
  Request start_send(ConstBuffer values, int to, int tag) override;
  Request start_receive(Buffer values, int from, int tag) override;
  Request start_barrier() override;

 private:
  template <class Start>
  Request timed(Operation operation, std::size_t bytes, int peer, const Start& start);

  Communicator& timed_;
  CollectiveSink& sink_;
};

}  // namespace gpt::comm
