#include "libgpt/comm/mpi/mpi_communicator.hpp"

#include <algorithm>

namespace gpt::comm {
namespace {

using tensor::DType;

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

MpiCommunicator::MpiCommunicator(MPI_Comm handle, Handle ownership, std::string name,
                                 std::size_t largest_count)
    : handle_(handle), ownership_(ownership), name_(std::move(name)), largest_count_(largest_count) {
  MPI_Comm_set_errhandler(handle_, MPI_ERRORS_RETURN);
  MPI_Comm_rank(handle_, &rank_);
  MPI_Comm_size(handle_, &size_);
}

MpiCommunicator::~MpiCommunicator() {
  if (ownership_ == Handle::owned) MPI_Comm_free(&handle_);
}

template <class Start>
void MpiCommunicator::in_pieces(std::size_t count, const Start& start) const {
  for (std::size_t first = 0; first < count; first += largest_count_)
    start(first, static_cast<int>(std::min(largest_count_, count - first)));
}

Request MpiCommunicator::start_all_reduce(Buffer values, Reduction reduction) {
  auto request = std::make_unique<MpiRequest>(label("all-reduce", values));
  const MPI_Datatype type = reducible_type_or_throw(values.type, label("all-reduce", values));
  in_pieces(values.count, [&](std::size_t first, int count) {
    request->started_or_throw(MPI_Iallreduce(MPI_IN_PLACE, at(values, first), count, type,
                                             operation_of(reduction), handle_, request->next()));
  });
  return Request(std::move(request));
}

// One reduction a shard, all under way at once: MPI's own reduce-scatter first brings everything to one rank.
Request MpiCommunicator::start_reduce_scatter(ConstBuffer whole, Buffer shard) {
  const MessageLabel label = this->label("reduce-scatter", whole);
  check_shards_or_throw(whole, shard, label);
  auto request = std::make_unique<MpiRequest>(label);
  const MPI_Datatype type = reducible_type_or_throw(whole.type, label);
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

Request MpiCommunicator::start_all_gather(ConstBuffer shard, Buffer whole) {
  const MessageLabel label = this->label("all-gather", whole);
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
  const MessageLabel label = this->label("broadcast from", values, root);
  check_peer_or_throw(root, 0, label);
  auto request = std::make_unique<MpiRequest>(label);
  in_pieces(values.count, [&](std::size_t first, int count) {
    request->started_or_throw(
        MPI_Ibcast(at(values, first), count, moved_type(values.type), root, handle_, request->next()));
  });
  return Request(std::move(request));
}

Request MpiCommunicator::start_send(ConstBuffer values, int to, int tag) {
  const MessageLabel label = this->label("send to", values, to);
  check_peer_or_throw(to, tag, label);
  auto request = std::make_unique<MpiRequest>(label);
  in_pieces(values.count, [&](std::size_t first, int count) {
    request->started_or_throw(
        MPI_Isend(at(values, first), count, moved_type(values.type), to, tag, handle_, request->next()));
  });
  return Request(std::move(request));
}

Request MpiCommunicator::start_receive(Buffer values, int from, int tag) {
  const MessageLabel label = this->label("receive from", values, from);
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
  auto request = std::make_unique<MpiRequest>(label("barrier", ConstBuffer{}));
  request->started_or_throw(MPI_Ibarrier(handle_, request->next()));
  return Request(std::move(request));
}

MessageLabel MpiCommunicator::label(const char* what, ConstBuffer values, int peer) const {
  return {what, peer, values.count, values.type, &name_, rank_, size_};
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
