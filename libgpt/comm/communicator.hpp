#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <stdexcept>
#include <string>
#include <type_traits>

#include "libgpt/tensor/device.hpp"
#include "libgpt/tensor/dtype.hpp"
#include "libgpt/tensor/element.hpp"

namespace gpt::comm {

// A message could not be passed: a rank is gone, or the library under a communicator refused.
class CommError : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

enum class Reduction { sum, max, min };

// Of an element, wherever it lies: BF16 for Bf16 and DeviceBf16.
template <class T>
constexpr tensor::DType dtype_of() {
  using tensor::DType;
  if constexpr (tensor::kPlaceOf<T> == tensor::Place::device) return dtype_of<tensor::ValueOf<T>>();
  if constexpr (std::is_same_v<T, tensor::Bf16>) return DType::bf16;
  if constexpr (std::is_same_v<T, tensor::F16>) return DType::f16;
  if constexpr (std::is_same_v<T, float>) return DType::f32;
  if constexpr (std::is_same_v<T, double>) return DType::f64;
  if constexpr (std::is_same_v<T, std::int32_t>) return DType::i32;
  if constexpr (std::is_same_v<T, std::int64_t>) return DType::i64;
  if constexpr (std::is_same_v<T, std::byte> || std::is_same_v<T, std::uint8_t> || std::is_same_v<T, char>)
    return DType::u8;
}

// A stretch of numbers in the memory of the host or of the device; not every communicator reaches the latter.
// Not owned.
struct Buffer {
  void* data = nullptr;
  std::size_t count = 0;
  tensor::DType type = tensor::DType::f32;
  tensor::Place place = tensor::Place::host;

  Buffer() = default;
  template <class T>
  Buffer(std::span<T> values)
      : data(values.data()), count(values.size()), type(dtype_of<T>()), place(tensor::kPlaceOf<T>) {}
  std::size_t bytes() const { return count * tensor::size_in_bytes(type); }
};

struct ConstBuffer {
  const void* data = nullptr;
  std::size_t count = 0;
  tensor::DType type = tensor::DType::f32;
  tensor::Place place = tensor::Place::host;

  ConstBuffer() = default;
  template <class T>
  ConstBuffer(std::span<T> values)
      : data(values.data()),
        count(values.size()),
        type(dtype_of<std::remove_const_t<T>>()),
        place(tensor::kPlaceOf<T>) {}
  ConstBuffer(const Buffer& buffer)
      : data(buffer.data), count(buffer.count), type(buffer.type), place(buffer.place) {}
  std::size_t bytes() const { return count * tensor::size_in_bytes(type); }
};

// When the device passed a message, and when its compute stream began and ended to wait for it: in the order
// of its work, later than it was asked for. The last two are null where it was not waited for.
struct DeviceTimes {
  std::shared_ptr<const tensor::DeviceMark> started, finished, wait_began, wait_ended;
};

// A started message. Its buffers belong to it until it is complete.
class Request {
 public:
  // What a body keeps of a message under way.
  class Pending {
   public:
    virtual ~Pending() = default;
    virtual void wait() = 0;  // throws CommError
    virtual bool test() = 0;  // moves it on; whether it is complete. Throws CommError
    // Of messages of the device in a timed group; to be read when it has been waited for.
    virtual std::shared_ptr<const DeviceTimes> device_times() const { return nullptr; }
  };

  Request() = default;  // complete
  explicit Request(std::unique_ptr<Pending> pending) : pending_(std::move(pending)) {}
  Request(Request&&) = default;
  Request& operator=(Request&& other) {  // waits for the message it held
    wait();
    pending_ = std::move(other.pending_);
    return *this;
  }
  // Waits; an error then is lost. When an exception ends the scope the message is given up instead, since the
  // other side may never come: the group is of no use any more, and the ranks must end (run_ranks sees to
  // it).
  ~Request();

  void wait() {
    if (const auto pending = std::move(pending_)) pending->wait();
  }
  // MPI's messages move on only inside calls: whoever computes meanwhile tests now and then.
  bool test() {
    if (pending_ && pending_->test()) pending_.reset();
    return !pending_;
  }
  std::shared_ptr<const DeviceTimes> device_times() const {
    return pending_ ? pending_->device_times() : nullptr;
  }

 private:
  std::unique_ptr<Pending> pending_;
};

// A group of ranks that pass numbers to each other. Every rank of a group makes the same collective calls, on
// buffers of the same size, in the same order. Results of a reduction are the same on all ranks, bit for bit,
// and the same in every run of the same group. Used from one thread.
class Communicator {
 public:
  virtual ~Communicator() = default;

  virtual int rank() const = 0;
  virtual int size() const = 0;
  virtual const std::string& name() const = 0;  // "tensor": for messages and profiles

  // From now on messages of the device tell their DeviceTimes.
  virtual void time_on_device() {}

  // In place. F32, F64, I32 and I64 can be reduced, and on the device BF16 and F16, which are summed in F32
  // and rounded once where that is staged through the host.
  virtual Request start_all_reduce(Buffer values, Reduction reduction) = 0;
  // whole is size() shards of shard.count elements; rank r gets the sum over ranks of shard r. shard may be
  // shard r of whole.
  virtual Request start_reduce_scatter(ConstBuffer whole, Buffer shard) = 0;
  // The inverse: whole becomes the shards of all ranks, in order. shard may be shard r of whole.
  virtual Request start_all_gather(ConstBuffer shard, Buffer whole) = 0;
  virtual Request start_broadcast(Buffer values, int root) = 0;
  // Messages between two ranks with the same tag arrive in the order they were sent. Both sides agree on the
  // size.
  virtual Request start_send(ConstBuffer values, int to, int tag) = 0;
  virtual Request start_receive(Buffer values, int from, int tag) = 0;
  virtual Request start_barrier() = 0;  // complete when every rank of the group has started it

  void all_reduce(Buffer values, Reduction reduction = Reduction::sum) {
    start_all_reduce(values, reduction).wait();
  }
  void reduce_scatter(ConstBuffer whole, Buffer shard) { start_reduce_scatter(whole, shard).wait(); }
  void all_gather(ConstBuffer shard, Buffer whole) { start_all_gather(shard, whole).wait(); }
  void broadcast(Buffer values, int root) { start_broadcast(values, root).wait(); }
  void send(ConstBuffer values, int to, int tag) { start_send(values, to, tag).wait(); }
  void receive(Buffer values, int from, int tag) { start_receive(values, from, tag).wait(); }
  void barrier() { start_barrier().wait(); }

  template <class T>
  T all_reduced(T value, Reduction reduction = Reduction::sum) {
    all_reduce(std::span<T>(&value, 1), reduction);
    return value;
  }
};

}  // namespace gpt::comm
