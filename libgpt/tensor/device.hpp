#pragma once

#include <cstddef>
#include <functional>
#include <memory>
#include <stdexcept>
#include <string>
#include <vector>

#include "libgpt/tensor/memory_account.hpp"

namespace gpt::tensor {

// The device, or the library that drives it, refused or failed.
class DeviceError : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

// The device has no memory left for what was asked.
class OutOfDeviceMemory : public DeviceError {
 public:
  OutOfDeviceMemory(const std::string& message, std::size_t wanted, std::size_t held, std::size_t total)
      : DeviceError(message), wanted_bytes(wanted), held_bytes(held), total_bytes(total) {}
  std::size_t wanted_bytes, held_bytes, total_bytes;
};

// Memory of a device that grows in place, as GrowingMemory does on the host. Not zeroed.
class GrowingDeviceMemory {
 public:
  virtual ~GrowingDeviceMemory() = default;
  virtual std::byte* data() const = 0;
  virtual std::size_t size() const = 0;
  virtual void grow_to(std::size_t bytes) = 0;  // throws OutOfDeviceMemory
};

// Work that was recorded once and can be given again at the cost of one launch, with the addresses and sizes
// that it had.
class RecordedWork {
 public:
  virtual ~RecordedWork() = default;
  virtual void replay() = 0;
};

// A point in the order of a device's work.
class DeviceMark {
 public:
  virtual ~DeviceMark() = default;
  // How long the device took from that point to this one. Waits until it is there.
  virtual double seconds_since(const DeviceMark& earlier) const = 0;
};

// The accelerator that this process computes on. Work is done in the order in which it was asked for, and
// later than asked for: only what says that it waits does. Used from one thread. All throw DeviceError.
class Device {
 public:
  virtual ~Device() = default;

  virtual const std::string& name() const = 0;
  virtual std::size_t total_bytes() const = 0;

  // Zeroed; aligned to 256 bytes. Throws OutOfDeviceMemory.
  virtual std::byte* allocate(std::size_t bytes) = 0;
  virtual void release(std::byte* memory) noexcept = 0;
  virtual std::unique_ptr<GrowingDeviceMemory> growing_memory() = 0;
  // Memory for intermediate results of one op: not zeroed, valid until the next op asks.
  virtual std::byte* workspace(std::size_t bytes) = 0;
  // The most memory that was held at the same time.
  virtual std::size_t peak_bytes() const = 0;
  // For what it was held then, by the names of HeldFor; empty where nobody kept account.
  virtual std::vector<HeldMemory> held_at_peak() const { return {}; }

  virtual void copy(std::byte* to, const std::byte* from, std::size_t bytes) = 0;
  // From host memory, which may be changed or freed when the call returns.
  virtual void upload(std::byte* to, const void* from, std::size_t bytes) = 0;
  virtual void download(void* to, const std::byte* from, std::size_t bytes) = 0;  // waits
  virtual void fill_zero(std::byte* memory, std::size_t bytes) = 0;
  virtual void synchronise() = 0;  // waits until all is done

  // Records what work() gives the device, without doing it. It has been done before in the ordinary way, so
  // that the memory and the choices it needs are there; it neither waits nor moves anything between host and
  // device. Where the device cannot record, replay() calls work() again: it must stay valid as long as what
  // is returned.
  virtual std::unique_ptr<RecordedWork> record(std::function<void()> work);
  virtual std::unique_ptr<DeviceMark> mark();
};

// The device of this process. Throws std::logic_error before open_device.
Device& device();
// Makes it the device of this process, until close_device.
void open_device(std::unique_ptr<Device> device);
bool has_device();
// Everything that lies in its memory must be gone.
void close_device();

}  // namespace gpt::tensor
