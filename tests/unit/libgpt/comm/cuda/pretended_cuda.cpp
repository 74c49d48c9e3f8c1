#include "tests/unit/libgpt/comm/cuda/pretended_cuda.hpp"

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <deque>
#include <memory>
#include <mutex>
#include <thread>

#include "libgpt/tensor/cuda/cuda_error.hpp"
#include "libgpt/tensor/cuda/graph.hpp"

using Flag = std::shared_ptr<std::atomic<bool>>;

struct CUstream_st {
  CUstream_st() {
    thread = std::thread([this] { run(); });
  }
  ~CUstream_st() {
    push(nullptr);
    thread.join();
  }

  void push(std::function<void()> work) {
    const std::lock_guard lock(mutex);
    queue.push_back(std::move(work));
    ++left;
    changed.notify_one();
  }

  void run() {
    while (true) {
      std::unique_lock lock(mutex);
      changed.wait(lock, [&] { return !queue.empty(); });
      const auto work = std::move(queue.front());
      queue.pop_front();
      lock.unlock();
      if (!work) return;
      work();
      --left;
    }
  }

  std::mutex mutex;
  std::condition_variable changed;
  std::deque<std::function<void()>> queue;
  std::atomic<int> left = 0;
  std::thread thread;
};

struct CUevent_st {
  Flag flag() {
    const std::lock_guard lock(mutex);
    return reached;
  }
  std::mutex mutex;
  Flag reached = std::make_shared<std::atomic<bool>>(true);
};

namespace gpt::test {
namespace {

std::atomic<bool> g_given_up = false;

}  // namespace

void push(cudaStream_t stream, std::function<void()> work) {
  if (stream == nullptr) return work();
  stream->push(std::move(work));
}

void wait_until(const std::function<bool()>& is_so) {
  while (!is_so() && !g_given_up) std::this_thread::sleep_for(std::chrono::microseconds(50));
}

void give_up_waiting(bool given_up) { g_given_up = given_up; }

}  // namespace gpt::test

namespace gpt::tensor {
namespace {

class PretendedMark : public DeviceMark {
 public:
  explicit PretendedMark(cudaStream_t stream) {
    test::push(stream, [moment = moment_, reached = reached_] {
      *moment = std::chrono::steady_clock::now();
      *reached = true;
    });
  }
  double seconds_since(const DeviceMark& earlier) const override {
    const auto& other = dynamic_cast<const PretendedMark&>(earlier);
    test::wait_until([&] { return reached_->load() && other.reached_->load(); });
    return std::chrono::duration<double>(*moment_ - *other.moment_).count();
  }

 private:
  std::shared_ptr<std::chrono::steady_clock::time_point> moment_ =
      std::make_shared<std::chrono::steady_clock::time_point>();
  Flag reached_ = std::make_shared<std::atomic<bool>>(false);
};

}  // namespace

std::unique_ptr<DeviceMark> mark_time(cudaStream_t stream) { return std::make_unique<PretendedMark>(stream); }

std::string explain(cudaError_t) { return "CUDA, pretended"; }
void throw_cuda_error(cudaError_t, const char* doing) { throw CudaError(doing); }

}  // namespace gpt::tensor

extern "C" {

cudaError_t cudaGetDevice(int* device) { return *device = 0, cudaSuccess; }
cudaError_t cudaSetDevice(int) { return cudaSuccess; }
cudaError_t cudaDeviceGetStreamPriorityRange(int* least, int* most) {
  return *least = 0, *most = -5, cudaSuccess;
}
cudaError_t cudaStreamCreateWithPriority(cudaStream_t* stream, unsigned, int) {
  *stream = new CUstream_st;
  return cudaSuccess;
}
cudaError_t cudaStreamDestroy(cudaStream_t stream) {
  delete stream;
  return cudaSuccess;
}
cudaError_t cudaStreamQuery(cudaStream_t stream) {
  return stream->left == 0 ? cudaSuccess : cudaErrorNotReady;
}
cudaError_t cudaEventCreateWithFlags(cudaEvent_t* event, unsigned) {
  *event = new CUevent_st;
  return cudaSuccess;
}
cudaError_t cudaEventDestroy(cudaEvent_t event) {
  delete event;
  return cudaSuccess;
}
cudaError_t cudaEventRecord(cudaEvent_t event, cudaStream_t stream) {
  const auto reached = std::make_shared<std::atomic<bool>>(false);
  {
    const std::lock_guard lock(event->mutex);
    event->reached = reached;
  }
  gpt::test::push(stream, [reached] { *reached = true; });
  return cudaSuccess;
}
cudaError_t cudaEventQuery(cudaEvent_t event) { return *event->flag() ? cudaSuccess : cudaErrorNotReady; }
cudaError_t cudaStreamWaitEvent(cudaStream_t stream, cudaEvent_t event, unsigned) {
  gpt::test::push(stream,
                  [reached = event->flag()] { gpt::test::wait_until([&] { return reached->load(); }); });
  return cudaSuccess;
}

}  // extern "C"
