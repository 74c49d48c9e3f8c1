#include "libgpt/comm/cuda/message_watchdog.hpp"

#include <atomic>

#include <doctest/doctest.h>

#include "libgpt/comm/current_step.hpp"
#include "tests/unit/libgpt/comm/cuda/pretended_cuda.hpp"

using namespace gpt;
using tensor::Event;

namespace {

const std::string kGroup = "tensor";
const comm::MessageLabel kLabel{"all-reduce", -1, 8, tensor::DType::f32, &kGroup, 1, 4, 5};

}  // namespace

TEST_CASE("a message that does not end in time is told, with its group and step") {
  cudaStream_t stream = nullptr;
  cudaStreamCreateWithPriority(&stream, 0, 0);
  std::atomic<bool> ends = false;
  std::string told;
  std::atomic<bool> failed = false;
  {
    comm::MessageWatchdog watchdog(std::chrono::seconds(1), [&](const std::string& text) {
      told = text;
      failed = true;
    });
    comm::set_current_step(120);
    test::push(stream, [&] { test::wait_until([&] { return ends.load(); }); });
    const auto done = std::make_shared<Event>(Event::Use::order);
    cudaEventRecord(done->get(), stream);
    watchdog.watch(done, kLabel);
    comm::set_current_step(121);
    test::wait_until([&] { return failed.load(); });
  }
  CHECK(told ==
        "all-reduce of 8 F32 in group 'tensor', rank 1 of 4 (rank 5 of the world), in step 120: it has not "
        "ended "
        "after 1 s (GPT_COMM_TIMEOUT); a rank of its group stands still or did not come to it");
  ends = true;
  cudaStreamDestroy(stream);
}

TEST_CASE("messages that end are not told") {
  std::atomic<int> failures = 0;
  {
    comm::MessageWatchdog watchdog(std::chrono::seconds(1), [&](const std::string&) { ++failures; });
    for (int i = 0; i < 100; ++i) {
      const auto done = std::make_shared<Event>(Event::Use::order);
      cudaEventRecord(done->get(), nullptr);
      watchdog.watch(done, kLabel);
    }
    std::this_thread::sleep_for(std::chrono::milliseconds(1500));
  }
  CHECK(failures == 0);
}
