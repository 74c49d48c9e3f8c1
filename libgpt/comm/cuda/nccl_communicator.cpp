#include "libgpt/comm/cuda/nccl_communicator.hpp"

#include "libgpt/comm/shards.hpp"
#include "libgpt/tensor/cuda/cuda_error.hpp"
#include "libgpt/tensor/cuda/graph.hpp"
#include "libgpt/tensor/cuda/stream.hpp"
#include "libgpt/tensor/trace.hpp"

namespace gpt::comm {
namespace {

using tensor::check_cuda;
using tensor::DType;
using tensor::Event;
using tensor::Place;

constexpr int kSender = 0;
constexpr int kReceiver = 1;

cudaStream_t compute_stream() { return static_cast<cudaStream_t>(tensor::compute_stream().handle); }

ncclDataType_t type_of(DType type) {
  switch (type) {
    case DType::f32:
      return ncclFloat32;
    case DType::f64:
      return ncclFloat64;
    case DType::f16:
      return ncclFloat16;
    case DType::bf16:
      return ncclBfloat16;
    case DType::i32:
      return ncclInt32;
    case DType::i64:
      return ncclInt64;
    case DType::u8:
      break;
  }
  return ncclUint8;
}

ncclRedOp_t operation_of(Reduction reduction) {
  switch (reduction) {
    case Reduction::sum:
      return ncclSum;
    case Reduction::max:
      return ncclMax;
    case Reduction::min:
      return ncclMin;
  }
  return ncclSum;
}

// The compute stream waits for a message, not the host.
class NcclRequest : public Request::Pending {
 public:
  NcclRequest(std::shared_ptr<Event> done, std::shared_ptr<DeviceTimes> times)
      : done_(std::move(done)), times_(std::move(times)) {}

  void wait() override {
    if (times_) times_->wait_began = tensor::mark_time(compute_stream());
    check_cuda(cudaStreamWaitEvent(compute_stream(), done_->get(), 0), "wait for a message");
    if (times_) times_->wait_ended = tensor::mark_time(compute_stream());
  }
  bool test() override {
    const cudaError_t status = cudaEventQuery(done_->get());
    if (status == cudaErrorNotReady) return false;
    check_cuda(status, "pass a message");
    return true;
  }
  std::shared_ptr<const DeviceTimes> device_times() const override { return times_; }

 private:
  std::shared_ptr<Event> done_;
  std::shared_ptr<DeviceTimes> times_;  // where the group is timed
};

void check_shards_or_throw(ConstBuffer whole, ConstBuffer shard, const MessageLabel& label) {
  if (whole.place == shard.place && whole.type == shard.type &&
      whole.count == shard.count * static_cast<std::size_t>(label.size))
    return;
  throw CommError(label.text() + ": a shard of " + std::to_string(shard.count) + " " +
                  std::string(tensor::safetensors_name(shard.type)) + " does not fit");
}

}  // namespace

NcclCommunicator::NcclCommunicator(std::unique_ptr<Communicator> host, std::unique_ptr<NcclHandle> handle,
                                   Lanes lanes, MessageWatchdog& watchdog, int world_rank)
    : staged_(std::move(host)), handle_(std::move(handle)), watchdog_(watchdog), world_rank_(world_rank) {
  handle_->warm_up_collectives();
  if (lanes == Lanes::ring) make_lanes();
  for (NcclHandle* made : {handle_.get(), lanes_.to_next.get(), lanes_.from_previous.get(),
                           lanes_.to_previous.get(), lanes_.from_next.get()}) {
    if (made != nullptr) watchdog_.watch(made->get(), name());
  }
}

NcclCommunicator::~NcclCommunicator() {
  for (NcclHandle* made : {handle_.get(), lanes_.to_next.get(), lanes_.from_previous.get(),
                           lanes_.to_previous.get(), lanes_.from_next.get()}) {
    if (made != nullptr) watchdog_.forget(made->get());
  }
}

// The edges of the ring, from each stage to the next, in rounds in which no stage is part of two: those from
// even stages, those from odd ones, and with an odd number of stages that from the last by itself.
void NcclCommunicator::make_lanes() {
  const int stages = size();
  const auto round_of = [&](int edge) { return stages % 2 == 1 && edge == stages - 1 ? 2 : edge % 2; };
  for (int round = 0; round < 3; ++round) {
    const bool leads = round_of(rank()) == round;        // on the edge to the next
    const bool follows = round_of(previous()) == round;  // on the edge from the one before
    std::optional<int> edge;
    if (leads) edge = rank();
    if (follows) edge = previous();
    // Even tags go along the edge, odd ones against it: the sender has the lower key.
    auto along = handle_->split_or_throw(name() + " to the next", edge, leads ? kSender : kReceiver);
    auto against = handle_->split_or_throw(name() + " to the one before", edge, leads ? kReceiver : kSender);
    if (!edge) continue;
    along->warm_up_message(kSender, kReceiver);
    against->warm_up_message(kSender, kReceiver);
    (leads ? lanes_.to_next : lanes_.from_previous) = std::move(along);
    (leads ? lanes_.from_next : lanes_.to_previous) = std::move(against);
  }
}

NcclHandle* NcclCommunicator::sending_lane(int to, int tag) const {
  if (tag % 2 == 0) return to == next() ? lanes_.to_next.get() : nullptr;
  return to == previous() ? lanes_.to_previous.get() : nullptr;
}

NcclHandle* NcclCommunicator::receiving_lane(int from, int tag) const {
  if (tag % 2 == 0) return from == previous() ? lanes_.from_previous.get() : nullptr;
  return from == next() ? lanes_.from_next.get() : nullptr;
}

MessageLabel NcclCommunicator::label(const char* what, ConstBuffer values, int peer) const {
  return {what, peer, values.count, values.type, &name(), rank(), size(), world_rank_};
}

template <class Enqueue>
Request NcclCommunicator::start(NcclHandle& handle, const MessageLabel& label, const Enqueue& enqueue) {
  const tensor::TraceRange range(label.what);
  Event ready(Event::Use::order);
  ready.record(compute_stream());
  check_cuda(cudaStreamWaitEvent(handle.stream(), ready.get(), 0), "start a message");
  const auto times = timed_ ? std::make_shared<DeviceTimes>() : nullptr;
  if (times) times->started = tensor::mark_time(handle.stream());
  const ncclResult_t code = enqueue(handle.get(), handle.stream());
  if (code != ncclSuccess) handle.settle(code, label.text());
  if (times) times->finished = tensor::mark_time(handle.stream());  // before whoever waits goes on
  const auto done = std::make_shared<Event>(Event::Use::order);
  done->record(handle.stream());
  watchdog_.watch(done, label);
  return Request(std::make_unique<NcclRequest>(done, times));
}

Request NcclCommunicator::start_all_reduce(Buffer values, Reduction reduction) {
  if (values.place == Place::host) return staged_.start_all_reduce(values, reduction);
  if (values.count == 0) return {};
  return start(*handle_, label("all-reduce", values), [&](ncclComm_t group, cudaStream_t stream) {
    return ncclAllReduce(values.data, values.data, values.count, type_of(values.type),
                         operation_of(reduction), group, stream);
  });
}

Request NcclCommunicator::start_reduce_scatter(ConstBuffer whole, Buffer shard) {
  if (whole.place == Place::host) return staged_.start_reduce_scatter(whole, shard);
  const MessageLabel message = label("reduce-scatter", whole);
  check_shards_or_throw(whole, shard, message);
  if (whole.count == 0) return {};
  return start(*handle_, message, [&](ncclComm_t group, cudaStream_t stream) {
    return ncclReduceScatter(whole.data, shard.data, shard.count, type_of(shard.type), ncclSum, group,
                             stream);
  });
}

Request NcclCommunicator::start_all_gather(ConstBuffer shard, Buffer whole) {
  if (whole.place == Place::host) return staged_.start_all_gather(shard, whole);
  const MessageLabel message = label("all-gather", whole);
  check_shards_or_throw(whole, shard, message);
  if (whole.count == 0) return {};
  return start(*handle_, message, [&](ncclComm_t group, cudaStream_t stream) {
    return ncclAllGather(shard.data, whole.data, shard.count, type_of(shard.type), group, stream);
  });
}

Request NcclCommunicator::start_broadcast(Buffer values, int root) {
  if (values.place == Place::host) return staged_.start_broadcast(values, root);
  const MessageLabel message = label("broadcast from", values, root);
  if (root < 0 || root >= size()) throw CommError(message.text() + ": there is no such rank in the group");
  if (values.count == 0) return {};
  return start(*handle_, message, [&](ncclComm_t group, cudaStream_t stream) {
    return ncclBroadcast(values.data, values.data, values.count, type_of(values.type), root, group, stream);
  });
}

Request NcclCommunicator::start_send(ConstBuffer values, int to, int tag) {
  NcclHandle* lane = values.place == Place::device ? sending_lane(to, tag) : nullptr;
  if (lane == nullptr) return staged_.start_send(values, to, tag);
  if (values.count == 0) return {};
  return start(*lane, label("send to", values, to), [&](ncclComm_t pair, cudaStream_t stream) {
    return ncclSend(values.data, values.count, type_of(values.type), kReceiver, pair, stream);
  });
}

Request NcclCommunicator::start_receive(Buffer values, int from, int tag) {
  NcclHandle* lane = values.place == Place::device ? receiving_lane(from, tag) : nullptr;
  if (lane == nullptr) return staged_.start_receive(values, from, tag);
  if (values.count == 0) return {};
  return start(*lane, label("receive from", values, from), [&](ncclComm_t pair, cudaStream_t stream) {
    return ncclRecv(values.data, values.count, type_of(values.type), kSender, pair, stream);
  });
}

}  // namespace gpt::comm
