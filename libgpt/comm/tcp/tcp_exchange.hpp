#pragma once

#include <deque>
#include <functional>
#include <memory>
#include <vector>

#include "libgpt/comm/communicator.hpp"
#include "libgpt/comm/message_label.hpp"
#include "libgpt/comm/tcp/tcp_mesh.hpp"

namespace gpt::comm {

// One message of a communicator over TCP: rounds of sends and receives, and what is done with what was
// received. All peers are ranks of the group.
class TcpExchange : public Request::Pending, private MeshFollower {
 public:
  struct Piece {
    int peer = 0;
    std::byte* data = nullptr;  // of a send only read
    std::size_t bytes = 0;
  };
  struct Round {
    enum class Start {
      after_earlier,  // all that earlier rounds send and receive is complete
      ahead,          // the round before the last one is done
    };
    Start start = Start::after_earlier;
    std::vector<Piece> sends;
    std::vector<Piece> receives;
    std::function<void(TcpExchange&)> then;  // when all was received; may send more
  };

  // members: ranks of the world, by rank of the group. All outlive the exchange.
  TcpExchange(TcpMesh& mesh, const std::vector<int>& members, const Lane& lane, const MessageLabel& label);
  ~TcpExchange() override;
  TcpExchange(const TcpExchange&) = delete;
  TcpExchange& operator=(const TcpExchange&) = delete;

  // Memory of the exchange, for what is received on the way.
  std::byte* scratch(std::size_t bytes);
  void add(Round round) { rounds_.push_back(std::move(round)); }
  void begin() { advance(); }  // when all rounds are there
  void send(const Piece& piece);

  void wait() override;
  bool test() override;

 private:
  struct Posted {
    int peer;
    TransferPointer transfer;
  };

  void advance() override;
  void post(const Round& round);
  bool may_start(const Round& round);
  bool sends_are_complete();
  bool receives_are_complete(std::deque<Posted>& receives);
  void check_sizes_or_throw() const;
  std::string waiting_for();

  TcpMesh& mesh_;
  const std::vector<int>& members_;
  Lane lane_;
  MessageLabel label_;
  std::vector<Round> rounds_;
  std::size_t started_ = 0;
  std::size_t done_ = 0;
  std::deque<Posted> sends_;                 // not complete yet
  std::deque<std::deque<Posted>> receives_;  // of rounds that are started and not done
  std::vector<std::unique_ptr<std::byte[]>> scratch_;
  std::optional<Posted> wrong_size_;
  bool complete_ = false;
};

}  // namespace gpt::comm
