#pragma once

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <functional>
#include <list>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include <cuda_runtime_api.h>
#include <nccl.h>

#include "libgpt/comm/message_label.hpp"
#include "libgpt/tensor/cuda/event.hpp"

namespace gpt::comm {

// Looks, from a thread of its own, whether messages on the device end in time and whether NCCL has failed
// beside them: the thread that started them may be waiting for the device meanwhile, and could wait for ever.
class MessageWatchdog {
 public:
  // fail: told once what has happened, on the watchdog's thread; it ends the ranks. time_limit 0: none.
  MessageWatchdog(std::chrono::seconds time_limit, std::function<void(const std::string&)> fail);
  ~MessageWatchdog();
  MessageWatchdog(const MessageWatchdog&) = delete;
  MessageWatchdog& operator=(const MessageWatchdog&) = delete;

  void watch(std::shared_ptr<tensor::Event> done, const MessageLabel& label);
  void watch(ncclComm_t handle, const std::string& name);
  void forget(ncclComm_t handle);

 private:
  struct Message {
    std::shared_ptr<tensor::Event> done;
    std::string text;  // made when it is started, as the step and the group may be others later
    std::chrono::steady_clock::time_point started;
  };
  struct Handle {
    ncclComm_t handle;
    std::string name;
  };

  void look(int ordinal);
  std::string what_is_wrong();

  std::chrono::seconds time_limit_;
  std::function<void(const std::string&)> fail_;
  std::mutex mutex_;
  std::condition_variable changed_;
  bool ending_ = false;
  std::list<Message> messages_;
  std::vector<Handle> handles_;
  std::thread thread_;
};

}  // namespace gpt::comm
