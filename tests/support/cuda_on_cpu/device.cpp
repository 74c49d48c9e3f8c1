#include "tests/support/cuda_on_cpu/device.hpp"

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <map>
#include <mutex>
#include <new>
#include <string>
#include <thread>
#include <utility>

#include <sys/mman.h>
#include <unistd.h>

#include "libgpt/tensor/cuda/stream.hpp"
#include "tests/support/cuda_on_cpu/recording.hpp"
#include "tests/support/cuda_on_cpu/sanitizers.hpp"

namespace gpt::tensor {

Stream compute_stream() { return {}; }

}  // namespace gpt::tensor

namespace gpt::cuda_on_cpu {
namespace {

constexpr int kNaNByte = 0xFF;

// Counts what is held, and refuses what is too much.
class Account {
 public:
  explicit Account(std::size_t total) : total_(total) {}

  void take(std::size_t bytes) {
    const std::lock_guard lock(mutex_);
    if (bytes > total_ - held_)
      throw tensor::OutOfDeviceMemory("the device has no " + std::to_string(bytes) +
                                          " bytes left: " + std::to_string(held_) + " of " +
                                          std::to_string(total_) + " are held",
                                      bytes, held_, total_);
    held_ += bytes;
    peak_ = std::max(peak_, held_);
  }
  void give_back(std::size_t bytes) {
    const std::lock_guard lock(mutex_);
    held_ -= bytes;
  }
  std::size_t total() const { return total_; }
  std::size_t peak() const {
    const std::lock_guard lock(mutex_);
    return peak_;
  }

 private:
  mutable std::mutex mutex_;
  std::size_t total_, held_ = 0, peak_ = 0;
};

// One allocation, with a fence at each end that nobody may write to; AddressSanitizer has fences of its own.
class FencedMemory {
 public:
  static constexpr std::size_t kAlignment = 256;

  FencedMemory(Account& account, std::size_t bytes, int fill) : account_(account), size_(bytes) {
    account_.take(size_);
    memory_ = static_cast<std::byte*>(::operator new (size_ + 2 * kFence, std::align_val_t{kAlignment}));
    std::memset(memory_, kFenceByte, kFence);
    std::memset(data(), fill, size_);
    std::memset(data() + size_, kFenceByte, kFence);
  }
  ~FencedMemory() {
    for (std::size_t i = 0; i < kFence; ++i)
      if (memory_[i] != std::byte{kFenceByte} || data()[size_ + i] != std::byte{kFenceByte}) {
        std::fprintf(stderr,
                     "device memory was written outside an allocation of %zu bytes; a build with "
                     "AddressSanitizer names "
                     "the line\n",
                     size_);
        std::abort();
      }
    ::operator delete (memory_, std::align_val_t{kAlignment});
    account_.give_back(size_);
  }
  FencedMemory(const FencedMemory&) = delete;
  FencedMemory& operator=(const FencedMemory&) = delete;

  std::byte* data() const { return memory_ + kFence; }

 private:
  static constexpr std::size_t kFence = GPT_ADDRESS_SANITIZER ? 0 : kAlignment;
  static constexpr int kFenceByte = 0xA5;

  Account& account_;
  std::byte* memory_;
  std::size_t size_;
};

class EmulatedGrowingMemory : public tensor::GrowingDeviceMemory {
 public:
  explicit EmulatedGrowingMemory(Account& account) : account_(account) {}
  ~EmulatedGrowingMemory() override {
    if (data_ != nullptr) munmap(data_, account_.total());
    account_.give_back(size_);
  }

  std::byte* data() const override { return data_; }
  std::size_t size() const override { return size_; }
  void grow_to(std::size_t bytes) override {
    if (bytes <= size_) return;
    forbid_in_recording("lets memory grow");
    const auto page = static_cast<std::size_t>(sysconf(_SC_PAGESIZE));
    bytes = (bytes + page - 1) / page * page;
    account_.take(bytes - size_);
    const std::size_t before = std::exchange(size_, bytes);
    if (data_ == nullptr) {
      void* range =
          mmap(nullptr, account_.total(), PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
      if (range == MAP_FAILED) throw std::bad_alloc();
      data_ = static_cast<std::byte*>(range);
    }
    if (mprotect(data_, bytes, PROT_READ | PROT_WRITE) != 0) throw std::bad_alloc();
    std::memset(data_ + before, kNaNByte, bytes - before);
  }

 private:
  Account& account_;
  std::byte* data_ = nullptr;
  std::size_t size_ = 0;
};

class RecordedSteps : public tensor::RecordedWork {
 public:
  void replay() override {
    for (const auto& step : recording.steps) step();
  }

  Recording recording;
};

class EmulatedDevice : public tensor::Device {
 public:
  explicit EmulatedDevice(std::size_t total_bytes) : account_(total_bytes) {}

  const std::string& name() const override { return name_; }
  std::size_t total_bytes() const override { return account_.total(); }

  std::byte* allocate(std::size_t bytes) override {
    forbid_in_recording("allocates memory");
    auto memory = std::make_unique<FencedMemory>(account_, bytes, 0);
    std::byte* data = memory->data();
    const std::lock_guard lock(mutex_);
    memory_.emplace(data, std::move(memory));
    return data;
  }
  void release(std::byte* memory) noexcept override {
    const std::lock_guard lock(mutex_);
    memory_.erase(memory);
  }
  std::unique_ptr<tensor::GrowingDeviceMemory> growing_memory() override {
    return std::make_unique<EmulatedGrowingMemory>(account_);
  }
  std::byte* workspace(std::size_t bytes) override {
    if (Recording* const recording = current_recording()) {
      const auto memory = std::make_shared<FencedMemory>(account_, bytes, kNaNByte);
      recording->memory.push_back(memory);
      recording->steps.push_back([memory, bytes] { std::memset(memory->data(), kNaNByte, bytes); });
      return memory->data();
    }
    const std::lock_guard lock(mutex_);
    auto& workspace = workspaces_[std::this_thread::get_id()];
    workspace.reset();
    workspace = std::make_unique<FencedMemory>(account_, bytes, kNaNByte);
    return workspace->data();
  }
  std::size_t peak_bytes() const override { return account_.peak(); }

  void copy(std::byte* to, const std::byte* from, std::size_t bytes) override {
    do_or_record([=] { move(to, from, bytes); });
  }
  void upload(std::byte* to, const void* from, std::size_t bytes) override {
    forbid_in_recording("uploads");
    move(to, from, bytes);
  }
  void download(void* to, const std::byte* from, std::size_t bytes) override {
    forbid_in_recording("downloads");
    move(to, from, bytes);
  }
  void fill_zero(std::byte* memory, std::size_t bytes) override {
    do_or_record([=] {
      if (bytes > 0) std::memset(memory, 0, bytes);
    });
  }
  void synchronise() override { forbid_in_recording("waits for the device"); }

  std::unique_ptr<tensor::RecordedWork> record(std::function<void()> work) override {
    forbid_in_recording("records work");
    auto recorded = std::make_unique<RecordedSteps>();
    set_current_recording(&recorded->recording);
    try {
      work();
    } catch (...) {
      set_current_recording(nullptr);
      throw;
    }
    set_current_recording(nullptr);
    return recorded;
  }

 private:
  static void move(void* to, const void* from, std::size_t bytes) {
    if (bytes > 0) std::memcpy(to, from, bytes);
  }

  std::string name_ = "CUDA on the CPU";
  Account account_;
  std::mutex mutex_;
  std::map<std::byte*, std::unique_ptr<FencedMemory>> memory_;
  std::map<std::thread::id, std::unique_ptr<FencedMemory>> workspaces_;
};

}  // namespace

std::unique_ptr<tensor::Device> make_emulated_device(std::size_t total_bytes) {
  return std::make_unique<EmulatedDevice>(total_bytes);
}

ScopedEmulatedDevice::ScopedEmulatedDevice(std::size_t total_bytes) {
  tensor::open_device(make_emulated_device(total_bytes));
}
ScopedEmulatedDevice::~ScopedEmulatedDevice() { tensor::close_device(); }

}  // namespace gpt::cuda_on_cpu
