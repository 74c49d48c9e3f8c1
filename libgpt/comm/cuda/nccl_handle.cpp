#include "libgpt/comm/cuda/nccl_handle.hpp"

#include <cstdlib>
#include <exception>
#include <thread>
#include <utility>

#include "libgpt/tensor/cuda/cuda_error.hpp"
#include "libgpt/tensor/device.hpp"

namespace gpt::comm {
namespace {

using tensor::check_cuda;

ncclConfig_t config_of(const char* name) {
  ncclConfig_t config = NCCL_CONFIG_INITIALIZER;
  config.blocking = 0;
  // Groups that share what NCCL holds start their kernels one after the other, in the order in which they
  // were given: a receive that was posted ahead would hold back the send that it waits for.
  config.splitShare = 0;
  config.commName = name;
  return config;
}

// Messages go before computation where both are ready: others wait for them.
cudaStream_t urgent_stream_or_throw() {
  int least = 0;
  int most = 0;
  check_cuda(cudaDeviceGetStreamPriorityRange(&least, &most), "ask for the priorities of streams");
  cudaStream_t stream = nullptr;
  check_cuda(cudaStreamCreateWithPriority(&stream, cudaStreamNonBlocking, most),
             "make a stream for messages");
  return stream;
}

class Scratch {
 public:
  Scratch() : memory_(tensor::device().allocate(256)) { tensor::device().synchronise(); }
  ~Scratch() { tensor::device().release(memory_); }
  Scratch(const Scratch&) = delete;
  Scratch& operator=(const Scratch&) = delete;
  std::byte* get() const { return memory_; }

 private:
  std::byte* memory_;
};

}  // namespace

NcclHandle::NcclHandle(std::string name, std::chrono::seconds time_limit)
    : name_(std::move(name)), time_limit_(time_limit), stream_(urgent_stream_or_throw()) {}

NcclHandle::NcclHandle(Communicator& host, std::chrono::seconds time_limit)
    : NcclHandle(host.name(), time_limit) {
  // Without it a connection is set up when a message first needs it, and both sides wait for each other
  // there.
  setenv("NCCL_RUNTIME_CONNECT", "0", 0);
  ncclUniqueId id{};
  if (host.rank() == 0) settle_or_throw(ncclGetUniqueId(&id), nullptr, "start of NCCL", time_limit_);
  host.broadcast(std::span<char>(id.internal), 0);
  ncclConfig_t config = config_of(name_.c_str());
  settle(ncclCommInitRankConfig(&handle_, host.size(), id, host.rank(), &config),
         "meeting of the ranks' GPUs by NCCL, rank " + std::to_string(host.rank()) + " of " +
             std::to_string(host.size()));
}

NcclHandle::~NcclHandle() {
  if (std::uncaught_exceptions() > 0) return;
  if (handle_ != nullptr) {
    if (finalised()) {
      (void)ncclCommDestroy(handle_);
    } else {
      (void)ncclCommAbort(handle_);
    }
  }
  if (stream_ != nullptr) (void)cudaStreamDestroy(stream_);
}

// False where it fails, or where another rank does not come within the time limit.
bool NcclHandle::finalised() const {
  const auto started = std::chrono::steady_clock::now();
  ncclResult_t state = ncclCommFinalize(handle_);
  while (state == ncclInProgress) {
    if (ncclCommGetAsyncError(handle_, &state) != ncclSuccess) return false;
    if (state != ncclInProgress) break;
    if (time_limit_.count() > 0 && std::chrono::steady_clock::now() - started > time_limit_) return false;
    std::this_thread::sleep_for(std::chrono::microseconds(50));
  }
  return state == ncclSuccess;
}

std::unique_ptr<NcclHandle> NcclHandle::split_or_throw(const std::string& name, std::optional<int> colour,
                                                       int key) {
  const std::string doing = "forming of the group '" + name + "' by NCCL";
  std::unique_ptr<NcclHandle> made(colour ? new NcclHandle(name, time_limit_) : nullptr);
  ncclConfig_t config = config_of(made ? made->name_.c_str() : nullptr);
  ncclComm_t part = nullptr;
  settle(ncclCommSplit(handle_, colour.value_or(NCCL_SPLIT_NOCOLOR), key, &part, &config), doing);
  if (!made) return nullptr;
  made->handle_ = part;
  made->settle(ncclInProgress, doing);
  return made;
}

int NcclHandle::rank() const {
  int rank = 0;
  settle(ncclCommUserRank(handle_, &rank), "asking NCCL for the rank");
  return rank;
}

int NcclHandle::size() const {
  int size = 0;
  settle(ncclCommCount(handle_, &size), "asking NCCL for the size of a group");
  return size;
}

void NcclHandle::wait_for_stream(const std::string& doing) const {
  const auto started = std::chrono::steady_clock::now();
  cudaError_t status = cudaErrorNotReady;
  while ((status = cudaStreamQuery(stream_)) == cudaErrorNotReady) {
    settle(ncclInProgress, doing);
    if (time_limit_.count() > 0 && std::chrono::steady_clock::now() - started > time_limit_)
      throw CommError(doing + ": nothing has come for " + std::to_string(time_limit_.count()) +
                      " s (GPT_COMM_TIMEOUT)");
    std::this_thread::sleep_for(std::chrono::microseconds(50));
  }
  check_cuda(status, "pass the first messages of NCCL");
}

void NcclHandle::warm_up_collectives() {
  const Scratch number;
  const std::string doing = "first sum of a group by NCCL";
  settle(ncclAllReduce(number.get(), number.get(), 1, ncclFloat32, ncclSum, handle_, stream_), doing);
  wait_for_stream(doing);
}

void NcclHandle::warm_up_message(int from, int to) {
  const Scratch number;
  const std::string doing = "first message between two stages by NCCL";
  if (rank() == from) settle(ncclSend(number.get(), 1, ncclFloat32, to, handle_, stream_), doing);
  if (rank() == to) settle(ncclRecv(number.get(), 1, ncclFloat32, from, handle_, stream_), doing);
  wait_for_stream(doing);
}

}  // namespace gpt::comm
