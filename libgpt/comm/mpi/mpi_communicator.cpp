#include "libgpt/comm/mpi/mpi_communicator.hpp"

#include <algorithm>
#include <exception>

#include "libgpt/comm/shards.hpp"

namespace gpt::comm {
namespace {

using tensor::DType;

// A shard from which on messages between every two ranks beat MPI's trees.
constexpr std::size_t kDirectShardBytes = std::size_t{16} << 10;

MPI_Datatype reducible_type_or_throw(DType type, const MessageLabel& label) {
  switch (type) {
    case DType::f32:
      return MPI_FLOAT;
    case DType::f64:
      return MPI_DOUBLE;
    case DType::i32:
      return MPI_INT32_T;
    case DType::i64:
      return MPI_INT64_T;
    case DType::f16:
    case DType::bf16:
    case DType::u8:
      break;
  }
  throw CommError(label.text() + ": only F32, F64, I32 and I64 can be reduced");
}

// A type of the same size, for numbers that are only moved.
MPI_Datatype moved_type(DType type) {
  switch (tensor::size_in_bytes(type)) {
    case 8:
      return MPI_UINT64_T;
    case 4:
      return MPI_UINT32_T;
    case 2:
      return MPI_UINT16_T;
    default:
      return MPI_BYTE;
  }
}

MPI_Op operation_of(Reduction reduction) {
  switch (reduction) {
    case Reduction::sum:
      return MPI_SUM;
    case Reduction::max:
      return MPI_MAX;
    case Reduction::min:
      return MPI_MIN;
  }
  return MPI_SUM;
}

std::byte* at(Buffer buffer, std::size_t element) {
  return static_cast<std::byte*>(buffer.data) + element * tensor::size_in_bytes(buffer.type);
}
const std::byte* at(ConstBuffer buffer, std::size_t element) {
  return static_cast<const std::byte*>(buffer.data) + element * tensor::size_in_bytes(buffer.type);
}

// `count` elements, the next ones of its kind `stride_bytes` later: lets a gather put a piece of every shard
// in its place.
MPI_Datatype piece_type(MPI_Datatype element, int count, std::size_t stride_bytes) {
  MPI_Datatype contiguous = MPI_DATATYPE_NULL;
  MPI_Datatype piece = MPI_DATATYPE_NULL;
  MPI_Type_contiguous(count, element, &contiguous);
  MPI_Type_create_resized(contiguous, 0, static_cast<MPI_Aint>(stride_bytes), &piece);
  MPI_Type_commit(&piece);
  MPI_Type_free(&contiguous);
  return piece;
}

}  // namespace

MpiCommunicator::MpiCommunicator(MPI_Comm handle, Handle ownership, std::string name, const MpiLimits& limits)
    : handle_(handle), ownership_(ownership), name_(std::move(name)), limits_(limits) {
  MPI_Comm_set_errhandler(handle_, MPI_ERRORS_RETURN);
  MPI_Comm_rank(handle_, &rank_);
  MPI_Comm_size(handle_, &size_);
  MPI_Comm_rank(MPI_COMM_WORLD, &world_rank_);
  if (size_ == 1 || size_ > limits_.most_direct_ranks) return;
  MPI_Comm_dup(handle_, &direct_);
  MPI_Comm_set_errhandler(direct_, MPI_ERRORS_RETURN);
}

MpiCommunicator::~MpiCommunicator() {
  // When an exception ends the group messages may be under way into memory that is gone: the ranks end, and
  // MPI is not called before that.
  if (std::uncaught_exceptions() > 0) return;
  if (direct_ != MPI_COMM_NULL) MPI_Comm_free(&direct_);
  if (ownership_ == Handle::owned) MPI_Comm_free(&handle_);
}

template <class Start>
void MpiCommunicator::in_pieces(std::size_t count, const Start& start) const {
  for (std::size_t first = 0; first < count; first += limits_.largest_count)
    start(first, static_cast<int>(std::min(limits_.largest_count, count - first)));
}

Request MpiCommunicator::start_all_reduce(Buffer values, Reduction reduction) {
  const MessageLabel label = label_or_throw("all-reduce", values);
  const MPI_Datatype type = reducible_type_or_throw(values.type, label);
  if (is_direct(values)) {
    const auto starts = shard_starts(values.count, size_);
    const auto rank = static_cast<std::size_t>(rank_);
    Buffer shard = values;
    shard.data = at(values, starts[rank]);
    shard.count = starts[rank + 1] - starts[rank];
    return start_direct({direct_, 0, type, reduction, values, shard, values, starts, limits_.largest_count},
                        label);
  }
  auto request = std::make_unique<MpiRequest>(label);
  in_pieces(values.count, [&](std::size_t first, int count) {
    request->started_or_throw(MPI_Iallreduce(MPI_IN_PLACE, at(values, first), count, type,
                                             operation_of(reduction), handle_, request->next()));
  });
  return Request(std::move(request));
}

Request MpiCommunicator::start_reduce_scatter(ConstBuffer whole, Buffer shard) {
  const MessageLabel label = label_or_throw("reduce-scatter", whole);
  check_shards_or_throw(whole, shard, label);
  const MPI_Datatype type = reducible_type_or_throw(whole.type, label);
  if (is_direct(whole)) {
    return start_direct({direct_,
                         0,
                         type,
                         Reduction::sum,
                         whole,
                         shard,
                         {},
                         shard_starts(whole.count, size_),
                         limits_.largest_count},
                        label);
  }
  // One reduction a shard, all under way at once: MPI's own reduce-scatter first brings everything to one
  // rank.
  auto request = std::make_unique<MpiRequest>(label);
  for (int root = 0; root < size_; ++root) {
    const std::size_t start_of_shard = static_cast<std::size_t>(root) * shard.count;
    in_pieces(shard.count, [&](std::size_t first, int count) {
      const void* source = at(whole, start_of_shard + first);
      void* sum = at(shard, first);
      if (root == rank_ && source == sum) source = MPI_IN_PLACE;
      request->started_or_throw(MPI_Ireduce(source, root == rank_ ? sum : nullptr, count, type, MPI_SUM, root,
                                            handle_, request->next()));
    });
  }
  return Request(std::move(request));
}

bool MpiCommunicator::is_direct(ConstBuffer whole) const {
  return direct_ != MPI_COMM_NULL && whole.bytes() / static_cast<std::size_t>(size_) >= kDirectShardBytes;
}

Request MpiCommunicator::start_direct(DirectReduction::Plan plan, const MessageLabel& label) {
  // A reduction takes two tags. They come round again; by then those that had them are complete.
  plan.tag = direct_started_ * 2;
  direct_started_ = (direct_started_ + 1) % 16'000;
  return Request(std::make_unique<DirectReduction>(std::move(plan), label));
}

Request MpiCommunicator::start_all_gather(ConstBuffer shard, Buffer whole) {
  const MessageLabel label = label_or_throw("all-gather", whole);
  check_shards_or_throw(whole, shard, label);
  auto request = std::make_unique<MpiRequest>(label);
  const MPI_Datatype type = moved_type(whole.type);
  const bool in_place = shard.data == at(whole, static_cast<std::size_t>(rank_) * shard.count);
  in_pieces(shard.count, [&](std::size_t first, int count) {
    const void* source = in_place ? MPI_IN_PLACE : at(shard, first);
    MPI_Datatype received = type;
    int received_count = count;
    if (static_cast<std::size_t>(count) != shard.count) {
      received = request->keep(piece_type(type, count, shard.bytes()));
      received_count = 1;
    }
    request->started_or_throw(MPI_Iallgather(source, count, type, at(whole, first), received_count, received,
                                             handle_, request->next()));
  });
  return Request(std::move(request));
}

Request MpiCommunicator::start_broadcast(Buffer values, int root) {
  const MessageLabel label = label_or_throw("broadcast from", values, root);
  check_peer_or_throw(root, 0, label);
  auto request = std::make_unique<MpiRequest>(label);
  in_pieces(values.count, [&](std::size_t first, int count) {
    request->started_or_throw(
        MPI_Ibcast(at(values, first), count, moved_type(values.type), root, handle_, request->next()));
  });
  return Request(std::move(request));
}

Request MpiCommunicator::start_send(ConstBuffer values, int to, int tag) {
  const MessageLabel label = label_or_throw("send to", values, to);
  check_peer_or_throw(to, tag, label);
  auto request = std::make_unique<MpiRequest>(label);
  in_pieces(values.count, [&](std::size_t first, int count) {
    request->started_or_throw(
        MPI_Isend(at(values, first), count, moved_type(values.type), to, tag, handle_, request->next()));
  });
  return Request(std::move(request));
}

Request MpiCommunicator::start_receive(Buffer values, int from, int tag) {
  const MessageLabel label = label_or_throw("receive from", values, from);
  check_peer_or_throw(from, tag, label);
  auto request = std::make_unique<MpiRequest>(label);
  request->expect_bytes(values.bytes());
  in_pieces(values.count, [&](std::size_t first, int count) {
    request->started_or_throw(
        MPI_Irecv(at(values, first), count, moved_type(values.type), from, tag, handle_, request->next()));
  });
  return Request(std::move(request));
}

Request MpiCommunicator::start_barrier() {
  auto request = std::make_unique<MpiRequest>(label_or_throw("barrier", ConstBuffer{}));
  request->started_or_throw(MPI_Ibarrier(handle_, request->next()));
  return Request(std::move(request));
}

MessageLabel MpiCommunicator::label_or_throw(const char* what, ConstBuffer values, int peer) const {
  const MessageLabel label{what, peer, values.count, values.type, &name_, rank_, size_, world_rank_};
  if (values.place == tensor::Place::device)
    throw CommError(label.text() + ": the buffer lies on the device, which MPI is not given");
  return label;
}

void MpiCommunicator::check_shards_or_throw(ConstBuffer whole, ConstBuffer shard,
                                            const MessageLabel& label) const {
  if (whole.type == shard.type && whole.count == shard.count * static_cast<std::size_t>(size_)) return;
  throw CommError(label.text() + ": a shard of " + std::to_string(shard.count) + " " +
                  std::string(tensor::safetensors_name(shard.type)) + " does not fit");
}

void MpiCommunicator::check_peer_or_throw(int peer, int tag, const MessageLabel& label) const {
  if (peer < 0 || peer >= size_) throw CommError(label.text() + ": there is no such rank in the group");
  if (tag < 0) throw CommError(label.text() + ": tag " + std::to_string(tag) + " is negative");
}

}  // namespace gpt::comm
