#pragma once

#include <algorithm>
#include <condition_variable>
#include <cstring>
#include <deque>
#include <exception>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <tuple>
#include <utility>
#include <vector>

#include "libgpt/comm/communicator.hpp"

namespace gpt::test {

// Ranks that are threads of one process, for tests of what is spread over ranks. As strict as a library may
// be: a message is complete only when both sides are there, so that code which counts on a message being kept
// for later stands still; and buffers of different sizes are an error.
class ThreadGroup {
 public:
  explicit ThreadGroup(int size, std::string name = "world") : name_(std::move(name)), size_(size) {
    for (int rank = 0; rank < size; ++rank) ranks_.push_back(std::make_unique<Rank>(*this, rank));
  }

  comm::Communicator& rank(int number) { return *ranks_.at(static_cast<std::size_t>(number)); }

  // Every wait under way and to come throws CommError: a rank has failed.
  void abort() {
    const std::lock_guard lock(mutex_);
    aborted_ = true;
    changed_.notify_all();
  }

 private:
  using Flag = std::shared_ptr<bool>;

  class Message : public comm::Request::Pending {
   public:
    Message(ThreadGroup& group, Flag done) : group_(group), done_(std::move(done)) {}
    void wait() override {
      std::unique_lock lock(group_.mutex_);
      group_.changed_.wait(lock, [&] { return *done_ || group_.aborted_; });
      if (!*done_) throw comm::CommError("another rank has failed");
    }
    bool test() override {
      const std::lock_guard lock(group_.mutex_);
      if (group_.aborted_ && !*done_) throw comm::CommError("another rank has failed");
      return *done_;
    }

   private:
    ThreadGroup& group_;
    Flag done_;
  };

  // One side of a message between two ranks that waits for the other.
  struct Side {
    comm::ConstBuffer source;  // of a send
    comm::Buffer target;       // of a receive
    Flag done;
  };
  struct Channel {
    std::deque<Side> sends, receives;
  };

  enum class Kind { all_reduce, reduce_scatter, all_gather, broadcast, barrier };
  // A collective call that not all ranks have made yet.
  struct Meeting {
    Kind kind = Kind::barrier;
    comm::Reduction reduction = comm::Reduction::sum;
    int root = 0;
    int arrived = 0;
    std::vector<comm::ConstBuffer> sources;
    std::vector<comm::Buffer> targets;
    Flag done = std::make_shared<bool>(false);
  };

  class Rank : public comm::Communicator {
   public:
    Rank(ThreadGroup& group, int rank) : group_(group), rank_(rank) {}
    int rank() const override { return rank_; }
    int size() const override { return group_.size_; }
    const std::string& name() const override { return group_.name_; }

    comm::Request start_all_reduce(comm::Buffer values, comm::Reduction reduction) override {
      return group_.meet(*this, Kind::all_reduce, values, values, reduction, 0);
    }
    comm::Request start_reduce_scatter(comm::ConstBuffer whole, comm::Buffer shard) override {
      return group_.meet(*this, Kind::reduce_scatter, whole, shard, comm::Reduction::sum, 0);
    }
    comm::Request start_all_gather(comm::ConstBuffer shard, comm::Buffer whole) override {
      return group_.meet(*this, Kind::all_gather, shard, whole, comm::Reduction::sum, 0);
    }
    comm::Request start_broadcast(comm::Buffer values, int root) override {
      return group_.meet(*this, Kind::broadcast, values, values, comm::Reduction::sum, root);
    }
    comm::Request start_send(comm::ConstBuffer values, int to, int tag) override {
      return group_.post(rank_, to, tag, &Channel::sends, {values, {}, {}});
    }
    comm::Request start_receive(comm::Buffer values, int from, int tag) override {
      return group_.post(from, rank_, tag, &Channel::receives, {{}, values, {}});
    }
    comm::Request start_barrier() override {
      return group_.meet(*this, Kind::barrier, {}, {}, comm::Reduction::sum, 0);
    }

    std::size_t calls = 0;  // collective calls made

   private:
    ThreadGroup& group_;
    int rank_;
  };

  comm::Request post(int from, int to, int tag, std::deque<Side> Channel::*which, Side side) {
    if (to < 0 || to >= size_ || from < 0 || from >= size_) throw comm::CommError("no such rank");
    const std::lock_guard lock(mutex_);
    side.done = std::make_shared<bool>(false);
    Channel& channel = channels_[{from, to, tag}];
    (channel.*which).push_back(side);
    while (!channel.sends.empty() && !channel.receives.empty()) {
      const Side& send = channel.sends.front();
      const Side& receive = channel.receives.front();
      copy(send.source, receive.target);
      *send.done = *receive.done = true;
      channel.sends.pop_front();
      channel.receives.pop_front();
    }
    changed_.notify_all();
    return comm::Request(std::make_unique<Message>(*this, side.done));
  }

  comm::Request meet(Rank& rank, Kind kind, comm::ConstBuffer source, comm::Buffer target,
                     comm::Reduction reduction, int root) {
    const std::lock_guard lock(mutex_);
    const std::size_t call = rank.calls++;
    Meeting& meeting = meetings_[call];
    if (meeting.arrived == 0) {
      meeting.kind = kind;
      meeting.reduction = reduction;
      meeting.root = root;
      meeting.sources.resize(static_cast<std::size_t>(size_));
      meeting.targets.resize(static_cast<std::size_t>(size_));
    }
    if (meeting.kind != kind || meeting.reduction != reduction || meeting.root != root)
      throw comm::CommError("the ranks make different collective calls");
    meeting.sources[static_cast<std::size_t>(rank.rank())] = source;
    meeting.targets[static_cast<std::size_t>(rank.rank())] = target;
    Flag done = meeting.done;
    if (++meeting.arrived == size_) {
      complete(meeting);
      *done = true;
      meetings_.erase(call);
      changed_.notify_all();
    }
    return comm::Request(std::make_unique<Message>(*this, done));
  }

  static void copy(comm::ConstBuffer from, comm::Buffer to) {
    if (from.bytes() != to.bytes()) throw comm::CommError("a message and the buffer for it differ in size");
    if (from.bytes() > 0) std::memmove(to.data, from.data, from.bytes());
  }

  void complete(Meeting& meeting) const {
    switch (meeting.kind) {
      case Kind::barrier:
        return;
      case Kind::broadcast:
        for (const auto& target : meeting.targets)
          copy(meeting.sources[static_cast<std::size_t>(meeting.root)], target);
        return;
      case Kind::all_gather:
        return all_gather(meeting);
      case Kind::all_reduce:
      case Kind::reduce_scatter:
        return reduce(meeting);
    }
  }

  void all_gather(Meeting& meeting) const {
    std::vector<char> whole;
    for (const auto& shard : meeting.sources) {
      const char* bytes = static_cast<const char*>(shard.data);
      whole.insert(whole.end(), bytes, bytes + shard.bytes());
    }
    for (const auto& target : meeting.targets) copy(std::span<const char>(whole), target);
  }

  void reduce(Meeting& meeting) const {
    switch (meeting.sources.front().type) {
      case tensor::DType::f32:
        return reduce_as<float>(meeting);
      case tensor::DType::f64:
        return reduce_as<double>(meeting);
      case tensor::DType::i32:
        return reduce_as<std::int32_t>(meeting);
      case tensor::DType::i64:
        return reduce_as<std::int64_t>(meeting);
      default:
        throw comm::CommError("numbers of this type are not reduced");
    }
  }

  // In the order of ranks.
  template <class T>
  void reduce_as(Meeting& meeting) const {
    const auto* first = static_cast<const T*>(meeting.sources.front().data);
    std::vector<T> total(first, first + meeting.sources.front().count);
    for (std::size_t r = 1; r < meeting.sources.size(); ++r) {
      const auto& source = meeting.sources[r];
      if (source.count != total.size() || source.type != meeting.sources.front().type)
        throw comm::CommError("the ranks reduce different buffers");
      const T* values = static_cast<const T*>(source.data);
      for (std::size_t i = 0; i < total.size(); ++i) {
        if (meeting.reduction == comm::Reduction::sum) total[i] += values[i];
        if (meeting.reduction == comm::Reduction::max) total[i] = std::max(total[i], values[i]);
        if (meeting.reduction == comm::Reduction::min) total[i] = std::min(total[i], values[i]);
      }
    }
    std::size_t begin = 0;
    for (const auto& target : meeting.targets) {
      const bool all = meeting.kind == Kind::all_reduce;
      copy(std::span<const T>(total).subspan(all ? 0 : begin, target.count), target);
      begin += target.count;
    }
  }

  std::string name_;
  int size_;
  std::mutex mutex_;
  std::condition_variable changed_;
  bool aborted_ = false;
  std::map<std::tuple<int, int, int>, Channel> channels_;
  std::map<std::size_t, Meeting> meetings_;
  std::vector<std::unique_ptr<Rank>> ranks_;
};

// Runs a body as each of `size` ranks, on threads of their own; when all have ended, throws what the first
// rank to fail threw. (doctest's CHECK may be used in it, REQUIRE not: a thrown REQUIRE is only known to its
// thread.)
inline void run_ranks(int size, const std::function<void(comm::Communicator&)>& body) {
  ThreadGroup group(size);
  std::mutex mutex;
  std::exception_ptr first;
  std::vector<std::thread> threads;
  for (int rank = 0; rank < size; ++rank) {
    threads.emplace_back([&, rank] {
      try {
        body(group.rank(rank));
      } catch (...) {
        const std::lock_guard lock(mutex);
        if (!first) first = std::current_exception();
        group.abort();
      }
    });
  }
  for (auto& thread : threads) thread.join();
  if (first) std::rethrow_exception(first);
}

}  // namespace gpt::test
