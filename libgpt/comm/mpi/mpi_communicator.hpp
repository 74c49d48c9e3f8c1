#pragma once

#include <vector>

#include <mpi.h>

#include "libgpt/comm/communicator.hpp"
#include "libgpt/comm/mpi/direct_reduction.hpp"
#include "libgpt/comm/mpi/mpi_request.hpp"

namespace gpt::comm {

// Where a group of ranks over MPI changes its ways; other numbers are for tests and measurements.
struct MpiLimits {
  // Elements passed by one call of MPI; its counts are int.
  std::size_t largest_count = std::size_t{1} << 30;
  // Ranks of a group up to which a large reduction is a DirectReduction, in which each rank has messages to
  // and from all others: as many as were measured (docs/benchmarks.md). MPI's own, beyond, have trees or
  // rings.
  int most_direct_ranks = 8;
};

// A group of ranks over MPI, for host memory. Everything is started non-blocking; numbers too many for MPI's
// int are passed in pieces. Errors of MPI become CommError. The results of a reduction do not depend on
// timing: small ones follow a schedule that MPI fixes when they start, large ones are DirectReductions. Made
// by all ranks of the handle at once.
class MpiCommunicator : public Communicator {
 public:
  enum class Handle { borrowed, owned };
  // An owned handle is freed with the communicator, which MPI wants of all its ranks.
  MpiCommunicator(MPI_Comm handle, Handle ownership, std::string name, const MpiLimits& limits = {});
  ~MpiCommunicator() override;
  MpiCommunicator(const MpiCommunicator&) = delete;
  MpiCommunicator& operator=(const MpiCommunicator&) = delete;

  int rank() const override { return rank_; }
  int size() const override { return size_; }
  const std::string& name() const override { return name_; }

  Request start_all_reduce(Buffer values, Reduction reduction) override;
  Request start_reduce_scatter(ConstBuffer whole, Buffer shard) override;
  Request start_all_gather(ConstBuffer shard, Buffer whole) override;
  Request start_broadcast(Buffer values, int root) override;
  Request start_send(ConstBuffer values, int to, int tag) override;
  Request start_receive(Buffer values, int from, int tag) override;
  Request start_barrier() override;

 private:
  MessageLabel label_or_throw(const char* what, ConstBuffer values, int peer = -1) const;
  void check_shards_or_throw(ConstBuffer whole, ConstBuffer shard, const MessageLabel& label) const;
  void check_peer_or_throw(int peer, int tag, const MessageLabel& label) const;
  // Calls start(first, count) for each piece of `count` elements that one call of MPI can pass.
  template <class Start>
  void in_pieces(std::size_t count, const Start& start) const;

  bool is_direct(ConstBuffer whole) const;
  Request start_direct(DirectReduction::Plan plan, const MessageLabel& label);

  MPI_Comm handle_;
  MPI_Comm direct_ = MPI_COMM_NULL;  // the same ranks, for the messages of direct reductions
  int direct_started_ = 0;
  Handle ownership_;
  std::string name_;
  MpiLimits limits_;
  int rank_ = 0;
  int size_ = 1;
  int world_rank_ = 0;
};

}  // namespace gpt::comm
