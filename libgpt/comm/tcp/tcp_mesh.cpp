#include "libgpt/comm/tcp/tcp_mesh.hpp"

#include <cerrno>
#include <cstring>
#include <thread>

#include <sys/epoll.h>
#include <unistd.h>

namespace gpt::comm {
namespace {

using std::chrono::milliseconds;
using std::chrono::steady_clock;

constexpr std::chrono::seconds kTimeToTellAbort{2};

FrameHead head_of(FrameHead::Type type, const Lane& lane, std::size_t bytes) {
  FrameHead head;
  head.type = type;
  head.kind = lane.kind;
  head.group = lane.group;
  head.tag = lane.tag;
  head.bytes = bytes;
  return head;
}

}  // namespace

TcpMesh::TcpMesh(MetRanks met, std::chrono::seconds time_limit)
    : rank_(met.rank),
      hosts_(std::move(met.hosts)),
      time_limit_(time_limit),
      epoll_(epoll_create1(EPOLL_CLOEXEC)) {
  const std::size_t ranks = met.sockets.size();
  said_goodbye_.resize(ranks);
  writing_watched_.resize(ranks);
  arriving_.resize(ranks);
  if (epoll_ < 0) throw CommError(std::string("epoll: ") + std::strerror(errno));
  for (std::size_t peer = 0; peer < ranks; ++peer) {
    connections_.push_back(
        std::make_unique<TcpConnection>(std::move(met.sockets[peer]), static_cast<int>(peer)));
    if (!connections_.back()->is_open()) continue;
    epoll_event event{};
    event.events = EPOLLIN;
    event.data.u32 = static_cast<std::uint32_t>(peer);
    epoll_ctl(epoll_, EPOLL_CTL_ADD, connections_.back()->socket().descriptor(), &event);
  }
}

TcpMesh::~TcpMesh() {
  if (epoll_ >= 0) ::close(epoll_);
}

std::string TcpMesh::name_of(int rank) const {
  return "rank " + std::to_string(rank) + " (" + hosts_.at(static_cast<std::size_t>(rank)) + ")";
}

bool TcpMesh::LaneState::is_idle() const {
  return posted.empty() && early.empty() && promised.empty() && unasked.empty() && grants == 0;
}

void TcpMesh::tidy(const Key& key) {
  const auto state = lanes_.find(key);
  if (state != lanes_.end() && state->second.is_idle()) lanes_.erase(state);
}

TransferPointer TcpMesh::send(int peer, const Lane& lane, const std::byte* data, std::size_t bytes) {
  const Lock lock = lock_or_stand_still();
  throw_if_failed();
  auto transfer = std::make_shared<Transfer>();
  transfer->data = const_cast<std::byte*>(data);
  transfer->bytes = bytes;
  if (peer == rank_) {
    send_to_self(lane, transfer);
    return transfer;
  }
  if (bytes <= kLongestUnasked) {
    send_frame(peer, head_of(FrameHead::Type::whole, lane, bytes), transfer);
    return transfer;
  }
  const Key key{peer, lane.kind, lane.group, lane.tag};
  LaneState& state = lanes_[key];
  if (state.grants > 0) {
    --state.grants;
    tidy(key);
    send_frame(peer, head_of(FrameHead::Type::whole, lane, bytes), transfer);
  } else {
    state.unasked.push_back(transfer);
    send_frame(peer, head_of(FrameHead::Type::announce, lane, bytes));
  }
  return transfer;
}

TransferPointer TcpMesh::receive(int peer, const Lane& lane, std::byte* data, std::size_t bytes) {
  const Lock lock = lock_or_stand_still();
  throw_if_failed();
  auto transfer = std::make_shared<Transfer>();
  transfer->data = data;
  transfer->bytes = bytes;
  transfer->arrived = bytes;
  const Key key{peer, lane.kind, lane.group, lane.tag};
  LaneState& state = lanes_[key];
  if (state.early.empty()) {
    state.posted.push_back(transfer);
    const auto& connection = connections_[static_cast<std::size_t>(peer)];
    if (peer != rank_ && !connection->is_open()) fail(name_of(peer) + " has finished, and is waited for");
    throw_if_failed();
  } else {
    const std::shared_ptr<Early> early = state.early.front();
    state.early.pop_front();
    transfer->arrived = early->bytes;
    if (early->announced) {
      transfer->complete = early->bytes != bytes;
      if (!transfer->complete) state.promised.push_back(transfer);
    } else if (early->whole) {
      fill(transfer, *early);
    } else {
      early->claimed_by = transfer;
    }
    tidy(key);
  }
  if (bytes > kLongestUnasked && peer != rank_)
    send_frame(peer, head_of(FrameHead::Type::grant, lane, bytes));
  return transfer;
}

void TcpMesh::fill(const TransferPointer& transfer, const Early& early) {
  if (early.bytes == transfer->bytes && early.bytes > 0)
    std::memcpy(transfer->data, early.data.data(), early.bytes);
  transfer->complete = true;
}

void TcpMesh::send_to_self(const Lane& lane, const TransferPointer& transfer) {
  const Key key{rank_, lane.kind, lane.group, lane.tag};
  LaneState& state = lanes_[key];
  const auto early = std::make_shared<Early>();
  early->bytes = transfer->bytes;
  early->whole = true;
  early->data.assign(transfer->data, transfer->data + transfer->bytes);
  transfer->complete = true;
  if (state.posted.empty()) {
    state.early.push_back(early);
    return;
  }
  state.posted.front()->arrived = early->bytes;
  fill(state.posted.front(), *early);
  state.posted.pop_front();
  tidy(key);
}

std::span<std::byte> TcpMesh::place_for(int peer, const FrameHead& head) {
  if (failure_) return {};
  begin_message(peer, head);
  const Arriving& arriving = arriving_[static_cast<std::size_t>(peer)];
  if (arriving.early) return arriving.early->data;
  return arriving.transfer->arrived == arriving.transfer->bytes
             ? std::span(arriving.transfer->data, arriving.transfer->bytes)
             : std::span<std::byte>();
}

void TcpMesh::begin_message(int peer, const FrameHead& head) {
  const Key key{peer, head.kind, head.group, head.tag};
  LaneState& state = lanes_[key];
  Arriving& arriving = arriving_[static_cast<std::size_t>(peer)];
  const bool was_announced = head.type == FrameHead::Type::granted;
  auto& receives = was_announced ? state.promised : state.posted;
  if (!receives.empty()) {
    arriving.transfer = receives.front();
    arriving.transfer->arrived = static_cast<std::size_t>(head.bytes);
    receives.pop_front();
  } else if (was_announced || head.bytes > kLongestUnasked) {
    throw CommError("it sent a message of " + std::to_string(head.bytes) + " bytes unasked");
  } else {
    arriving.early = std::make_shared<Early>();
    arriving.early->bytes = static_cast<std::size_t>(head.bytes);
    arriving.early->data.resize(arriving.early->bytes);
    state.early.push_back(arriving.early);
  }
  tidy(key);
}

void TcpMesh::finish_message(int peer) {
  Arriving& arriving = arriving_[static_cast<std::size_t>(peer)];
  if (arriving.transfer) arriving.transfer->complete = true;
  if (arriving.early) {
    arriving.early->whole = true;
    if (arriving.early->claimed_by) fill(arriving.early->claimed_by, *arriving.early);
  }
  arriving = {};
}

void TcpMesh::arrived(int peer, const FrameHead& head) {
  const auto index = static_cast<std::size_t>(peer);
  if (head.type == FrameHead::Type::abort) {
    abort_code_ = static_cast<int>(head.bytes);
    return fail(name_of(peer) + " has ended all ranks");
  }
  if (head.type == FrameHead::Type::goodbye) said_goodbye_[index] = true;
  if (failure_ || head.type == FrameHead::Type::goodbye) return;
  const Key key{peer, head.kind, head.group, head.tag};
  switch (head.type) {
    case FrameHead::Type::whole:
    case FrameHead::Type::granted:
      if (head.bytes == 0) begin_message(peer, head);
      return finish_message(peer);
    case FrameHead::Type::announce:
      announced(lanes_[key], static_cast<std::size_t>(head.bytes));
      return tidy(key);
    case FrameHead::Type::grant:
      granted(peer, lanes_[key], head);
      return tidy(key);
    default:
      return;
  }
}

void TcpMesh::announced(LaneState& state, std::size_t bytes) {
  if (state.posted.empty()) {
    const auto early = std::make_shared<Early>();
    early->bytes = bytes;
    early->announced = true;
    state.early.push_back(early);
    return;
  }
  const TransferPointer transfer = state.posted.front();
  state.posted.pop_front();
  transfer->arrived = bytes;
  transfer->complete = bytes != transfer->bytes;
  if (!transfer->complete) state.promised.push_back(transfer);
}

void TcpMesh::granted(int peer, LaneState& state, const FrameHead& head) {
  if (state.unasked.empty()) {
    ++state.grants;
    return;
  }
  const TransferPointer transfer = state.unasked.front();
  state.unasked.pop_front();
  FrameHead answer = head;
  answer.type = FrameHead::Type::granted;
  answer.bytes = transfer->bytes;
  send_frame(peer, answer, transfer);
}

// That a connection is broken comes out when it is read, after what its other side said before it ended.
void TcpMesh::send_frame(int peer, const FrameHead& head, TransferPointer transfer) {
  TcpConnection& connection = *connections_[static_cast<std::size_t>(peer)];
  if (!connection.is_open()) return fail(name_of(peer) + " has finished, and is sent one more message");
  try {
    connection.send(head, std::move(transfer));
    watch_writing(peer);
  } catch (const CommError&) {
  }
}

void TcpMesh::watch_writing(int peer) {
  const auto index = static_cast<std::size_t>(peer);
  const bool wanted = connections_[index]->has_to_write();
  if (wanted == writing_watched_[index]) return;
  epoll_event event{};
  event.events = wanted ? EPOLLIN | EPOLLOUT : EPOLLIN;
  event.data.u32 = static_cast<std::uint32_t>(peer);
  epoll_ctl(epoll_, EPOLL_CTL_MOD, connections_[index]->socket().descriptor(), &event);
  writing_watched_[index] = wanted;
}

// A connection that cannot be written to may hold what its other side said before it ended.
void TcpMesh::lost(int peer, const std::string& reason) {
  TcpConnection& connection = *connections_[static_cast<std::size_t>(peer)];
  try {
    while (connection.is_open() && connection.read_some(*this)) {
    }
  } catch (const CommError&) {
  }
  connection.close();
  if (!said_goodbye_[static_cast<std::size_t>(peer)]) return fail(name_of(peer) + " is gone: " + reason);
  for (const auto& [key, state] : lanes_) {
    const bool waits = !state.posted.empty() || !state.promised.empty() || !state.unasked.empty();
    if (std::get<0>(key) == peer && waits) return fail(name_of(peer) + " has finished, and is waited for");
  }
}

void TcpMesh::fail(const std::string& reason) {
  if (failure_) return;
  failure_ = reason;
  for (auto& connection : connections_) connection->let_go_of_transfers();
  lanes_.clear();
  for (Arriving& arriving : arriving_) arriving = {};
}

void TcpMesh::give_up() noexcept { fail("a message was given up"); }

void TcpMesh::throw_if_failed() const {
  if (abort_code_) throw EndedByAnotherRank(*failure_, *abort_code_);
  if (failure_) throw CommError(*failure_);
}

bool TcpMesh::move_connection(int peer, std::uint32_t events) {
  TcpConnection& connection = *connections_[static_cast<std::size_t>(peer)];
  if (!connection.is_open()) return false;
  bool moved = false;
  try {
    if (events & (EPOLLIN | EPOLLHUP | EPOLLERR)) moved |= connection.read_some(*this);
    if (events & EPOLLOUT) moved |= connection.write_some();
    watch_writing(peer);
  } catch (const CommError& error) {
    lost(peer, error.what());
    moved = true;
  }
  return moved;
}

// While another thread ends the process, this one neither goes on nor finds out that it is ended.
TcpMesh::Lock TcpMesh::lock_or_stand_still() {
  Lock lock(mutex_);
  if (!ending_) return lock;
  lock.unlock();
  while (true) std::this_thread::sleep_for(std::chrono::seconds(1));
}

void TcpMesh::progress(milliseconds patience) {
  const Lock lock = lock_or_stand_still();
  throw_if_failed();
  epoll_event events[64];
  const int count = epoll_wait(epoll_, events, 64, static_cast<int>(patience.count()));
  for (int i = 0; i < count; ++i)
    moved_ |= move_connection(static_cast<int>(events[i].data.u32), events[i].events);
  throw_if_failed();
  advance_followers();
}

// One follower's messages may make others move, but none is started or ended meanwhile.
void TcpMesh::advance_followers() {
  if (advancing_) return;
  advancing_ = true;
  try {
    for (std::size_t i = 0; i < followers_.size(); ++i) followers_[i]->advance();
  } catch (...) {
    advancing_ = false;
    throw;
  }
  advancing_ = false;
  throw_if_failed();
}

void TcpMesh::wait_until(const std::function<bool()>& is_so, const std::function<std::string()>& what) {
  // A reply is most often there within microseconds, sooner than a sleeping thread wakes.
  constexpr int kQuickLooks = 20;
  auto last_moved = steady_clock::now();
  for (int look = 0; !is_so(); ++look) {
    moved_ = false;
    progress(milliseconds(look < kQuickLooks ? 0 : 1000));
    if (moved_) {
      last_moved = steady_clock::now();
      look = 0;
    } else if (time_limit_.count() > 0 && steady_clock::now() - last_moved > time_limit_) {
      const std::string text =
          what() + ": nothing has come for " + std::to_string(time_limit_.count()) + " s (GPT_COMM_TIMEOUT)";
      fail(text);
      throw CommError(text);
    }
  }
}

void TcpMesh::say_goodbye() {
  const Lock lock = lock_or_stand_still();
  FrameHead head;
  head.type = FrameHead::Type::goodbye;
  for (int peer = 0; peer < size(); ++peer) {
    if (connections_[static_cast<std::size_t>(peer)]->is_open()) send_frame(peer, head);
  }
}

void TcpMesh::tell_abort(int code) noexcept {
  ending_ = true;
  const Lock lock(mutex_);
  try {
    fail("this rank has ended all");
    FrameHead head;
    head.type = FrameHead::Type::abort;
    head.bytes = static_cast<std::uint64_t>(code);
    for (int peer = 0; peer < size(); ++peer) {
      if (connections_[static_cast<std::size_t>(peer)]->is_open()) send_frame(peer, head);
    }
    const auto deadline = steady_clock::now() + kTimeToTellAbort;
    const auto is_written = [&] {
      for (const auto& connection : connections_) {
        if (connection->is_open() && connection->has_to_write()) return false;
      }
      return true;
    };
    while (!is_written() && steady_clock::now() < deadline) {
      epoll_event events[64];
      const int count = epoll_wait(epoll_, events, 64, 50);
      for (int i = 0; i < count; ++i) move_connection(static_cast<int>(events[i].data.u32), events[i].events);
    }
  } catch (...) {  // no memory: they notice that the connection is closed
  }
}

std::optional<int> TcpMesh::ended_by_another() noexcept {
  const Lock lock(mutex_);
  try {
    epoll_event events[64];
    const int count = epoll_wait(epoll_, events, 64, 0);
    for (int i = 0; i < count; ++i) move_connection(static_cast<int>(events[i].data.u32), events[i].events);
  } catch (...) {
  }
  return abort_code_;
}

}  // namespace gpt::comm
