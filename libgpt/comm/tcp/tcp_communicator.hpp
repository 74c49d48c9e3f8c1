#pragma once

#include <string>
#include <vector>

#include "libgpt/comm/communicator.hpp"
#include "libgpt/comm/message_label.hpp"
#include "libgpt/comm/tcp/tcp_exchange.hpp"
#include "libgpt/comm/tcp/tcp_mesh.hpp"

namespace gpt::comm {

// A group of ranks over TCP, for host memory. Reductions add in an order that only the ranks' numbers
// determine: small ones in that of the ranks, of large ones each shard from its own rank on.
class TcpCommunicator : public Communicator {
 public:
  // members: ranks of the world in the group's order, this one among them. number: tells the group from
  // others with the same members; all of its ranks give the same. The mesh outlives it.
  TcpCommunicator(TcpMesh& mesh, std::vector<int> members, std::uint32_t number, std::string name);
  ~TcpCommunicator() override;
  TcpCommunicator(const TcpCommunicator&) = delete;
  TcpCommunicator& operator=(const TcpCommunicator&) = delete;

  int rank() const override { return rank_; }
  int size() const override { return static_cast<int>(members_.size()); }
  const std::string& name() const override { return name_; }

  Request start_all_reduce(Buffer values, Reduction reduction) override;
  Request start_reduce_scatter(ConstBuffer whole, Buffer shard) override;
  Request start_all_gather(ConstBuffer shard, Buffer whole) override;
  Request start_broadcast(Buffer values, int root) override;
  Request start_send(ConstBuffer values, int to, int tag) override;
  Request start_receive(Buffer values, int from, int tag) override;
  Request start_barrier() override;

 private:
  using Exchange = std::unique_ptr<TcpExchange>;

  MessageLabel label_or_throw(const char* what, ConstBuffer values, int peer = -1) const;
  void check_reducible_or_throw(tensor::DType type, const MessageLabel& label) const;
  void check_shards_or_throw(ConstBuffer whole, ConstBuffer shard, const MessageLabel& label) const;
  void check_peer_or_throw(int peer, int tag, const MessageLabel& label) const;

  Exchange collective(const MessageLabel& label);
  Exchange message(const MessageLabel& label, int tag);
  static Request begun(Exchange exchange);

  void add_small_reduction(TcpExchange& exchange, Buffer values, Reduction reduction) const;
  void add_tree_reduction(TcpExchange& exchange, Buffer values, Reduction reduction) const;
  void add_tree_broadcast(TcpExchange& exchange, std::byte* data, std::size_t bytes, int root) const;
  void add_large_reduction(TcpExchange& exchange, ConstBuffer whole, const std::vector<std::size_t>& starts,
                           Buffer shard, Reduction reduction) const;
  void add_gather(TcpExchange& exchange, Buffer whole, const std::vector<std::size_t>& starts) const;

  TcpMesh& mesh_;
  std::vector<int> members_;
  std::uint32_t number_;
  std::string name_;
  int rank_ = 0;
  std::uint64_t collectives_ = 0;
};

}  // namespace gpt::comm
