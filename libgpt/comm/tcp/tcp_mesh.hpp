#pragma once

#include <atomic>
#include <chrono>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <tuple>
#include <vector>

#include "libgpt/comm/tcp/rendezvous.hpp"
#include "libgpt/comm/tcp/tcp_connection.hpp"

namespace gpt::comm {

// Another rank has ended all of them, and has told why: who hears of it ends as well, with that exit code,
// and says nothing.
class EndedByAnotherRank : public CommError {
 public:
  EndedByAnotherRank(const std::string& message, int code) : CommError(message), code_(code) {}
  int code() const { return code_; }

 private:
  int code_;
};

// Which messages belong together: those of one lane arrive in the order in which they were sent.
struct Lane {
  FrameHead::Kind kind = FrameHead::Kind::message;
  std::uint32_t group = 0;
  std::uint64_t tag = 0;
};

// What has to be done when messages have arrived.
class MeshFollower {
 public:
  virtual ~MeshFollower() = default;
  virtual void advance() = 0;  // as far as it goes without waiting
};

// This rank's connections to all others, and the messages on them. Messages move on only inside its calls.
// Peers are ranks of the world. When a rank is gone, or has ended all, every call throws CommError from then
// on, and no memory of messages is touched any more. Used from one thread, but for tell_abort and
// ended_by_another, which may come from one that watches over the first: that one then stands still.
class TcpMesh : private FrameReceiver {
 public:
  TcpMesh(MetRanks met, std::chrono::seconds time_limit);
  ~TcpMesh() override;
  TcpMesh(const TcpMesh&) = delete;
  TcpMesh& operator=(const TcpMesh&) = delete;

  int rank() const { return rank_; }
  int size() const { return static_cast<int>(connections_.size()); }

  TransferPointer send(int peer, const Lane& lane, const std::byte* data, std::size_t bytes);
  TransferPointer receive(int peer, const Lane& lane, std::byte* data, std::size_t bytes);

  // Moves on what can be moved, waiting for at most so long for anything to do; then the followers.
  void progress(std::chrono::milliseconds patience);
  // Until it is so. what: for the error when nothing has moved for as long as the time limit says.
  void wait_until(const std::function<bool()>& is_so, const std::function<std::string()>& what);

  void follow(MeshFollower& follower) { followers_.push_back(&follower); }
  void unfollow(MeshFollower& follower) { std::erase(followers_, &follower); }

  // A message was given up: its memory may be gone, so none is passed any more.
  void give_up() noexcept;
  std::string name_of(int rank) const;  // "rank 3 (node07)"

  void set_time_limit(std::chrono::seconds limit) { time_limit_ = limit; }
  void say_goodbye();  // after the last message
  // Tells all that they are to end, as far as they listen within a few seconds.
  void tell_abort(int code) noexcept;
  // Whether another rank has told so; also after a failure, from whoever is still there. Does not wait.
  std::optional<int> ended_by_another() noexcept;

 private:
  using Lock = std::unique_lock<std::recursive_mutex>;
  using Key = std::tuple<int, FrameHead::Kind, std::uint32_t, std::uint64_t>;
  // A message that came before its receive.
  struct Early {
    std::size_t bytes = 0;
    bool announced = false;  // only that; else data holds what has arrived so far
    bool whole = false;
    std::vector<std::byte> data;
    TransferPointer claimed_by;
  };
  struct LaneState {
    std::deque<TransferPointer> posted;  // receives that nothing has come for
    std::deque<std::shared_ptr<Early>> early;
    std::deque<TransferPointer> promised;  // receives of announced messages
    std::deque<TransferPointer> unasked;   // long sends without a grant
    std::size_t grants = 0;
    bool is_idle() const;
  };
  // Where a frame's bytes go while they arrive.
  struct Arriving {
    TransferPointer transfer;
    std::shared_ptr<Early> early;
  };

  std::span<std::byte> place_for(int peer, const FrameHead& head) override;
  void arrived(int peer, const FrameHead& head) override;

  void begin_message(int peer, const FrameHead& head);
  void finish_message(int peer);
  void announced(LaneState& state, std::size_t bytes);
  void granted(int peer, LaneState& state, const FrameHead& head);
  void send_to_self(const Lane& lane, const TransferPointer& transfer);
  static void fill(const TransferPointer& transfer, const Early& early);
  void tidy(const Key& key);

  bool move_connection(int peer, std::uint32_t events);
  void send_frame(int peer, const FrameHead& head, TransferPointer transfer = nullptr);
  void watch_writing(int peer);
  void lost(int peer, const std::string& reason);
  void fail(const std::string& reason);
  void throw_if_failed() const;
  void advance_followers();

  Lock lock_or_stand_still();

  int rank_;
  std::recursive_mutex mutex_;
  std::atomic<bool> ending_ = false;
  std::vector<std::unique_ptr<TcpConnection>> connections_;  // by rank; none to itself
  std::vector<std::string> hosts_;
  std::vector<bool> said_goodbye_, writing_watched_;
  std::vector<Arriving> arriving_;
  std::chrono::seconds time_limit_;
  int epoll_ = -1;
  std::map<Key, LaneState> lanes_;
  std::vector<MeshFollower*> followers_;
  bool moved_ = false;
  bool advancing_ = false;
  std::optional<std::string> failure_;
  std::optional<int> abort_code_;
};

}  // namespace gpt::comm
