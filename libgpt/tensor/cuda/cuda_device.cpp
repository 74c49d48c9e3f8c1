#include "libgpt/tensor/cuda/cuda_device.hpp"

#include <map>
#include <mutex>
#include <stdexcept>
#include <thread>

#include <cuda_runtime_api.h>

#include "libgpt/tensor/cuda/cuda_error.hpp"
#include "libgpt/tensor/cuda/graph.hpp"
#include "libgpt/tensor/cuda/mapped_memory.hpp"
#include "libgpt/tensor/cuda/nvtx_trace.hpp"
#include "libgpt/tensor/cuda/shared_account.hpp"
#include "libgpt/tensor/cuda/staging.hpp"
#include "libgpt/tensor/cuda/stream.hpp"

namespace gpt::tensor {
namespace {

cudaStream_t the_stream = nullptr;

// CUDA's context and a stream that does not wait for the default one.
cudaStream_t open_stream_or_throw(int ordinal) {
  cudaError_t status = cudaSetDevice(ordinal);
  if (status == cudaSuccess)
    status = cudaFree(nullptr);  // makes the context: a GPU that is taken says so here
  cudaStream_t stream = nullptr;
  if (status == cudaSuccess) status = cudaStreamCreateWithFlags(&stream, cudaStreamNonBlocking);
  if (status != cudaSuccess) {
    throw NoUsableGpu("GPU " + std::to_string(ordinal) + " does not start: " + explain(status));
  }
  return stream;
}

struct FreeAndTotal {
  std::size_t free = 0, total = 0;
};

FreeAndTotal memory_info() {
  FreeAndTotal info;
  if (cudaMemGetInfo(&info.free, &info.total) != cudaSuccess) (void)cudaGetLastError();
  return info;
}

// Used from one thread, but for tests, whose ranks are threads with one device: each has a workspace of its
// own.
class CudaDevice : public Device {
 public:
  explicit CudaDevice(int ordinal)
      : ordinal_(ordinal), stream_(open_stream_or_throw(ordinal)), staging_(stream_) {
    cudaDeviceProp properties{};
    check_cuda(cudaGetDeviceProperties(&properties, ordinal), "read the properties of the GPU");
    name_ = properties.name;
    total_bytes_ = properties.totalGlobalMem;
    the_stream = stream_;
    set_trace_sink(&trace_);
  }

  ~CudaDevice() override {
    set_trace_sink(nullptr);
    workspaces_.clear();
    the_stream = nullptr;
  }

  const std::string& name() const override { return name_; }
  std::size_t total_bytes() const override { return total_bytes_; }
  std::size_t peak_bytes() const override { return account_.peak_bytes(); }
  std::vector<HeldMemory> held_at_peak() const override { return account_.at_peak(); }

  std::byte* allocate(std::size_t bytes) override {
    if (bytes == 0) return nullptr;
    refuse_while_recording("an allocation");
    void* memory = nullptr;
    const cudaError_t status = cudaMalloc(&memory, bytes);
    if (status == cudaErrorMemoryAllocation) {
      (void)cudaGetLastError();
      out_of_memory(bytes);
    }
    check_cuda(status, "take memory of the GPU");
    account_.take(HeldFor::current(), bytes);
    note_block(memory, bytes);
    fill_zero(static_cast<std::byte*>(memory), bytes);
    return static_cast<std::byte*>(memory);
  }

  // cudaFree waits for all that may still use the memory.
  void release(std::byte* memory) noexcept override {
    if (memory == nullptr) return;
    (void)cudaFree(memory);
    const std::lock_guard lock(mutex_);
    const auto block = blocks_.find(memory);
    if (block == blocks_.end()) return;
    account_.give_back(block->second.purpose, block->second.bytes);
    blocks_.erase(block);
  }

  std::unique_ptr<GrowingDeviceMemory> growing_memory() override {
    return std::make_unique<MappedMemory>(ordinal_, total_bytes_, account_,
                                          [this](std::size_t bytes) { out_of_memory(bytes); });
  }

  // It grows in place, so that kernels which still run in it are not disturbed.
  std::byte* workspace(std::size_t bytes) override {
    const HeldFor scope("workspace");
    const std::lock_guard lock(mutex_);
    auto& own = workspaces_[std::this_thread::get_id()];
    if (!own) own = growing_memory();
    own->grow_to(bytes);
    return own->data();
  }

  void copy(std::byte* to, const std::byte* from, std::size_t bytes) override {
    if (bytes == 0) return;
    check_cuda(cudaMemcpyAsync(to, from, bytes, cudaMemcpyDeviceToDevice, stream_), "copy within the GPU");
  }
  void upload(std::byte* to, const void* from, std::size_t bytes) override {
    refuse_while_recording("an upload");
    staging_.upload(to, static_cast<const std::byte*>(from), bytes);
  }
  void download(void* to, const std::byte* from, std::size_t bytes) override {
    refuse_while_recording("a download");
    staging_.download(static_cast<std::byte*>(to), from, bytes);
  }
  void fill_zero(std::byte* memory, std::size_t bytes) override {
    if (bytes == 0) return;
    check_cuda(cudaMemsetAsync(memory, 0, bytes, stream_), "zero memory of the GPU");
  }
  void synchronise() override {
    refuse_while_recording("a wait");
    check_cuda(cudaStreamSynchronize(stream_), "do what it was given");
    check_cuda(cudaGetLastError(), "do what it was given");
  }

  std::unique_ptr<RecordedWork> record(std::function<void()> work) override {
    recording_ = true;
    struct Recorded {
      bool& recording;
      ~Recorded() { recording = false; }
    } const end{recording_};
    return record_graph(stream_, work);
  }
  std::unique_ptr<DeviceMark> mark() override { return mark_time(stream_); }

 private:
  struct Block {
    std::size_t bytes;
    std::string purpose;
  };
  struct StreamEnd {
    cudaStream_t stream;
    ~StreamEnd() { (void)cudaStreamDestroy(stream); }
  };

  void note_block(void* memory, std::size_t bytes) {
    const std::lock_guard lock(mutex_);
    blocks_[memory] = {bytes, HeldFor::current()};
  }

  // A replay would do it with what was there when it was recorded.
  void refuse_while_recording(const char* what) const {
    if (recording_) throw std::logic_error(std::string(what) + " cannot be recorded for replay");
  }

  [[noreturn]] void out_of_memory(std::size_t wanted) const {
    const FreeAndTotal info = memory_info();
    const std::size_t held = account_.held_bytes();
    const std::size_t others = info.total - info.free > held ? info.total - info.free - held : 0;
    throw OutOfDeviceMemory("the GPU has not the memory that is needed: " + byte_text(wanted) + " more for " +
                                HeldFor::current() + "; of the " + byte_text(info.total) + " of this " +
                                name_ + " this process holds " + byte_text(held) + " (" +
                                memory_text(account_.held()) + "), CUDA and other processes " +
                                byte_text(others) + ", free are " + byte_text(info.free),
                            wanted, held, info.total);
  }

  int ordinal_;
  bool recording_ = false;
  cudaStream_t stream_;
  StreamEnd stream_end_{stream_};
  Staging staging_;
  NvtxTrace trace_;
  std::string name_;
  std::size_t total_bytes_ = 0;
  SharedAccount account_;
  std::map<void*, Block> blocks_;
  std::mutex mutex_;  // of the two maps
  std::map<std::thread::id, std::unique_ptr<GrowingDeviceMemory>> workspaces_;
};

}  // namespace

Stream compute_stream() { return {the_stream}; }

std::unique_ptr<Device> make_cuda_device_or_throw(int ordinal) {
  return std::make_unique<CudaDevice>(ordinal);
}

}  // namespace gpt::tensor
