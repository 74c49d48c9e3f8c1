#include "libgpt/comm/cuda/message_watchdog.hpp"

#include <algorithm>

#include "libgpt/comm/cuda/nccl_error.hpp"
#include "libgpt/tensor/cuda/cuda_error.hpp"

namespace gpt::comm {
namespace {

constexpr std::chrono::milliseconds kBetweenLooks{200};

}  // namespace

MessageWatchdog::MessageWatchdog(std::chrono::seconds time_limit,
                                 std::function<void(const std::string&)> fail)
    : time_limit_(time_limit), fail_(std::move(fail)) {
  int ordinal = 0;
  tensor::check_cuda(cudaGetDevice(&ordinal), "ask for the GPU of this thread");
  thread_ = std::thread([this, ordinal] { look(ordinal); });
}

MessageWatchdog::~MessageWatchdog() {
  {
    const std::lock_guard lock(mutex_);
    ending_ = true;
  }
  changed_.notify_all();
  thread_.join();
}

void MessageWatchdog::watch(std::shared_ptr<tensor::Event> done, const MessageLabel& label) {
  Message message{std::move(done), label.text(), std::chrono::steady_clock::now()};
  const std::lock_guard lock(mutex_);
  messages_.push_back(std::move(message));
}

void MessageWatchdog::watch(ncclComm_t handle, const std::string& name) {
  const std::lock_guard lock(mutex_);
  handles_.push_back({handle, name});
}

void MessageWatchdog::forget(ncclComm_t handle) {
  const std::lock_guard lock(mutex_);
  std::erase_if(handles_, [&](const Handle& known) { return known.handle == handle; });
}

void MessageWatchdog::look(int ordinal) {
  (void)cudaSetDevice(ordinal);
  std::unique_lock lock(mutex_);
  while (!changed_.wait_for(lock, kBetweenLooks, [&] { return ending_; })) {
    const std::string wrong = what_is_wrong();
    if (wrong.empty()) continue;
    lock.unlock();
    fail_(wrong);
    return;
  }
}

std::string MessageWatchdog::what_is_wrong() {
  for (const Handle& known : handles_) {
    ncclResult_t state = ncclSuccess;
    if (ncclCommGetAsyncError(known.handle, &state) != ncclSuccess) continue;
    if (state != ncclSuccess && state != ncclInProgress)
      return "a message in group '" + known.name + "': " + nccl_error_text(state, known.handle);
  }
  const auto now = std::chrono::steady_clock::now();
  for (auto message = messages_.begin(); message != messages_.end();) {
    const cudaError_t status = cudaEventQuery(message->done->get());
    if (status == cudaSuccess) {
      message = messages_.erase(message);
      continue;
    }
    if (status != cudaErrorNotReady) return message->text + ": " + tensor::explain(status);
    if (time_limit_.count() > 0 && now - message->started > time_limit_) {
      return message->text + ": it has not ended after " + std::to_string(time_limit_.count()) +
             " s (GPT_COMM_TIMEOUT); a rank of its group stands still or did not come to it";
    }
    ++message;
  }
  return "";
}

}  // namespace gpt::comm
