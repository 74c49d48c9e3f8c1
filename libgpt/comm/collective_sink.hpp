#pragma once

#include <chrono>
#include <cstddef>
#include <memory>
#include <string_view>

#include "libgpt/comm/communicator.hpp"

namespace gpt::comm {

enum class Operation { all_reduce, reduce_scatter, all_gather, broadcast, send, receive, barrier };

std::string_view name_of(Operation operation);  // "all-reduce"

// One message that a rank has completed.
struct CollectiveRecord {
  using Clock = std::chrono::steady_clock;

  Operation operation = Operation::barrier;
  std::string_view group;  // its name; valid during the call
  int group_size = 1;
  std::size_t bytes = 0;  // of the whole buffer on this rank: of a gather or scatter all shards
  int peer = -1;          // whom a message is sent to or received from, or a broadcast's root; else -1
  Clock::time_point started;
  Clock::time_point finished;  // when a wait or test first saw it complete
  Clock::duration blocked{0};  // what of that time the rank spent in the calls: the rest was overlapped

  // Of a message that the device passes: the times above are only those of the calls. Its marks may not be
  // reached yet.
  std::shared_ptr<const DeviceTimes> device;

  Clock::duration duration() const { return finished - started; }
};

// Told of every message by a TimedCommunicator, on the thread that communicates.
class CollectiveSink {
 public:
  virtual ~CollectiveSink() = default;
  virtual void completed(const CollectiveRecord& record) = 0;
};

}  // namespace gpt::comm
