#pragma once

#include <memory>
#include <vector>

#include <mpi.h>

#include "libgpt/comm/communicator.hpp"
#include "libgpt/comm/mpi/mpi_error.hpp"

namespace gpt::comm {

// Moves on every reduction under way that needs this rank's hands. Whoever waits for any message calls it in
// its loop: another rank may wait for such a reduction first.
void advance_direct_reductions();
bool any_direct_reduction();

// A large reduce-scatter or all-reduce by messages between every two ranks: each rank receives its shard of
// all the others, piece by piece, and adds it up in the order of ranks from its own on; for an all-reduce it
// then sends the sum to all. Each number is moved twice and added once, where MPI's own reductions copy it
// several times: 124 MB on two ranks of one machine took 186 ms by MPI_Iallreduce (tests/bench/collectives).
class DirectReduction : public Request::Pending {
 public:
  struct Plan {
    MPI_Comm handle = MPI_COMM_NULL;  // for these messages only
    int tag = 0;                      // of this reduction and the next number, among those under way
    MPI_Datatype type = MPI_DATATYPE_NULL;
    Reduction reduction = Reduction::sum;
    ConstBuffer source;                     // all shards
    Buffer target;                          // this rank's shard; it may lie in source
    Buffer gathered;                        // for an all-reduce where all shards go; else empty
    std::vector<std::size_t> shard_starts;  // of every rank, and the end
    std::size_t largest_count = 0;          // elements of a message
  };

  DirectReduction(Plan plan, const MessageLabel& label);
  ~DirectReduction() override;
  DirectReduction(const DirectReduction&) = delete;
  DirectReduction& operator=(const DirectReduction&) = delete;

  void wait() override;
  bool test() override;
  void advance();  // as far as it goes without waiting

 private:
  // Receives that are posted ahead of the one that is added next.
  static constexpr std::size_t kSlots = 4;

  std::size_t shard_length(int rank) const;
  int peer(std::size_t step) const;  // whose piece a step adds
  std::size_t first_of_piece(std::size_t step) const;
  std::size_t piece_length(std::size_t step) const;
  void send_pieces();
  void post_receive(std::size_t step);
  bool add_next_piece();
  void gather();
  bool is_complete(std::vector<MPI_Request>& requests) const;

  Plan plan_;
  MessageLabel label_;
  std::size_t element_bytes_;
  std::size_t piece_;  // elements
  std::size_t steps_ = 0;
  std::size_t posted_ = 0;
  std::size_t added_ = 0;
  std::unique_ptr<std::byte[]> slots_;
  std::vector<MPI_Request> receives_;
  std::vector<std::vector<MPI_Request>> sends_;  // by rank
  std::vector<bool> receives_sum_;               // of which ranks' sums the receive is posted
  bool sends_sum_ = false;
  std::vector<MPI_Request> sums_;  // messages of the sums
  bool complete_ = false;
};

}  // namespace gpt::comm
