#include "libgpt/comm/cuda/nccl_error.hpp"

#include <thread>

#include "libgpt/comm/communicator.hpp"

namespace gpt::comm {

std::string nccl_error_text(ncclResult_t code, ncclComm_t handle) {
  std::string text = std::string("NCCL: ") + ncclGetErrorString(code);
  const char* last = ncclGetLastError(handle);
  if (last != nullptr && *last != '\0') text += std::string(" (") + last + ")";
  switch (code) {
    case ncclRemoteError:
      return text + ": another rank has ended; what it said tells why";
    case ncclSystemError:
      return text + ": NCCL_DEBUG=INFO shows which network it tried; NCCL_SOCKET_IFNAME names the one to use";
    case ncclUnhandledCudaError:
      return text + ": NCCL_DEBUG=INFO shows what CUDA refused";
    default:
      return text;
  }
}

void settle_or_throw(ncclResult_t code, ncclComm_t handle, const std::string& doing,
                     std::chrono::seconds time_limit) {
  using std::chrono::steady_clock;
  const auto started = steady_clock::now();
  while (code == ncclInProgress) {
    const ncclResult_t asked = ncclCommGetAsyncError(handle, &code);
    if (asked != ncclSuccess) code = asked;
    if (code != ncclInProgress) break;
    if (time_limit.count() > 0 && steady_clock::now() - started > time_limit) {
      throw CommError(doing + ": NCCL is not ready after " + std::to_string(time_limit.count()) +
                      " s (GPT_COMM_TIMEOUT): another rank did not come");
    }
    std::this_thread::sleep_for(std::chrono::microseconds(50));
  }
  if (code != ncclSuccess) throw CommError(doing + ": " + nccl_error_text(code, handle));
}

}  // namespace gpt::comm
