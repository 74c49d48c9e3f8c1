#pragma once

#include <memory>
#include <string>
#include <vector>

#include "libgpt/comm/communicator.hpp"
#include "libgpt/comm/cuda/message_watchdog.hpp"
#include "libgpt/comm/cuda/nccl_handle.hpp"
#include "libgpt/comm/message_label.hpp"
#include "libgpt/comm/staged_communicator.hpp"

namespace gpt::comm {

// A group of ranks with a GPU each, over NCCL. A message starts when the compute stream has come as far as it
// was given work when the message was started, and runs on a stream of its own; waiting for it makes the
// compute stream wait, not the host. Sums of two-byte numbers are rounded at each addition.
//
// Messages between two ranks go over lanes: one from each stage to the next for even tags, and one to the
// stage before for odd tags, in a ring; each has its own communicator of NCCL and its own stream, so that no
// lane waits for another. Messages of one lane are received in the order in which they are sent. Others, and
// all buffers in host memory, go by the group of the host.
class NcclCommunicator : public Communicator {
 public:
  enum class Lanes { none, ring };

  // Made by all ranks of the group at once. The watchdog outlives it.
  NcclCommunicator(std::unique_ptr<Communicator> host, std::unique_ptr<NcclHandle> handle, Lanes lanes,
                   MessageWatchdog& watchdog, int world_rank);
  ~NcclCommunicator() override;
  NcclCommunicator(const NcclCommunicator&) = delete;
  NcclCommunicator& operator=(const NcclCommunicator&) = delete;

  NcclHandle& handle() { return *handle_; }

  int rank() const override { return staged_.rank(); }
  int size() const override { return staged_.size(); }
  const std::string& name() const override { return staged_.name(); }

  Request start_all_reduce(Buffer values, Reduction reduction) override;
  Request start_reduce_scatter(ConstBuffer whole, Buffer shard) override;
  Request start_all_gather(ConstBuffer shard, Buffer whole) override;
  Request start_broadcast(Buffer values, int root) override;
  Request start_send(ConstBuffer values, int to, int tag) override;
  Request start_receive(Buffer values, int from, int tag) override;
  Request start_barrier() override { return staged_.start_barrier(); }
  void time_on_device() override { timed_ = true; }

 private:
  // The lanes of this rank; each is a group of two in which the sender is rank 0.
  struct RankLanes {
    std::unique_ptr<NcclHandle> to_next, from_previous;  // even tags
    std::unique_ptr<NcclHandle> to_previous, from_next;  // odd tags
  };

  void make_lanes();
  int next() const { return (rank() + 1) % size(); }
  int previous() const { return (rank() + size() - 1) % size(); }
  NcclHandle* sending_lane(int to, int tag) const;
  NcclHandle* receiving_lane(int from, int tag) const;
  MessageLabel label(const char* what, ConstBuffer values, int peer = -1) const;
  template <class Enqueue>
  Request start(NcclHandle& handle, const MessageLabel& label, const Enqueue& enqueue);

  StagedCommunicator staged_;
  std::unique_ptr<NcclHandle> handle_;
  MessageWatchdog& watchdog_;
  int world_rank_;
  RankLanes lanes_;
  bool timed_ = false;
};

}  // namespace gpt::comm
