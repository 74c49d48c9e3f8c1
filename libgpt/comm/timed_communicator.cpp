#include "libgpt/comm/timed_communicator.hpp"

namespace gpt::comm {
namespace {

using Clock = CollectiveRecord::Clock;

// A request whose calls are clocked.
class TimedRequest : public Request::Pending {
 public:
  TimedRequest(Request request, CollectiveRecord record, CollectiveSink& sink)
      : request_(std::move(request)), record_(record), sink_(sink) {}

  void wait() override {
    const Clock::time_point called = Clock::now();
    record_.device = request_.device_times();
    request_.wait();
    finish(called);
  }

  bool test() override {
    const Clock::time_point called = Clock::now();
    record_.device = request_.device_times();
    if (!request_.test()) {
      record_.blocked += Clock::now() - called;
      return false;
    }
    finish(called);
    return true;
  }

 private:
  void finish(Clock::time_point called) {
    record_.finished = Clock::now();
    record_.blocked += record_.finished - called;
    sink_.completed(record_);
  }

  Request request_;
  CollectiveRecord record_;
  CollectiveSink& sink_;
};

}  // namespace

std::string_view name_of(Operation operation) {
  switch (operation) {
    case Operation::all_reduce:
      return "all-reduce";
    case Operation::reduce_scatter:
      return "reduce-scatter";
    case Operation::all_gather:
      return "all-gather";
    case Operation::broadcast:
      return "broadcast";
    case Operation::send:
      return "send";
    case Operation::receive:
      return "receive";
    case Operation::barrier:
      return "barrier";
  }
  return "message";
}

template <class Start>
Request TimedCommunicator::timed(Operation operation, std::size_t bytes, int peer, const Start& start) {
  CollectiveRecord record;
  record.operation = operation;
  record.group = timed_.name();
  record.group_size = timed_.size();
  record.bytes = bytes;
  record.peer = peer;
  record.started = Clock::now();
  Request request = start();
  record.blocked = Clock::now() - record.started;
  return Request(std::make_unique<TimedRequest>(std::move(request), record, sink_));
}

Request TimedCommunicator::start_all_reduce(Buffer values, Reduction reduction) {
  return timed(Operation::all_reduce, values.bytes(), -1,
               [&] { return timed_.start_all_reduce(values, reduction); });
}

Request TimedCommunicator::start_reduce_scatter(ConstBuffer whole, Buffer shard) {
  return timed(Operation::reduce_scatter, whole.bytes(), -1,
               [&] { return timed_.start_reduce_scatter(whole, shard); });
}

Request TimedCommunicator::start_all_gather(ConstBuffer shard, Buffer whole) {
  return timed(Operation::all_gather, whole.bytes(), -1,
               [&] { return timed_.start_all_gather(shard, whole); });
}

Request TimedCommunicator::start_broadcast(Buffer values, int root) {
  return timed(Operation::broadcast, values.bytes(), root,
               [&] { return timed_.start_broadcast(values, root); });
}

Request TimedCommunicator::start_send(ConstBuffer values, int to, int tag) {
  return timed(Operation::send, values.bytes(), to, [&] { return timed_.start_send(values, to, tag); });
}

Request TimedCommunicator::start_receive(Buffer values, int from, int tag) {
  return timed(Operation::receive, values.bytes(), from,
               [&] { return timed_.start_receive(values, from, tag); });
}

Request TimedCommunicator::start_barrier() {
  return timed(Operation::barrier, 0, -1, [&] { return timed_.start_barrier(); });
}

}  // namespace gpt::comm
