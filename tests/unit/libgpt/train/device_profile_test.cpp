#include <thread>

#include <doctest/doctest.h>

#include "libgpt/train/step_profile.hpp"
#include "tests/support/cuda_on_cpu/device.hpp"

using namespace gpt;
using train::SpanKind;
using train::StepProfile;

namespace {

std::shared_ptr<const tensor::DeviceMark> mark_after(std::chrono::milliseconds pause) {
  std::this_thread::sleep_for(pause);
  return tensor::device().mark();
}

constexpr std::int64_t kMillisecond = 1'000'000;

}  // namespace

TEST_CASE("messages of the device are placed by its marks, and block while its stream waits for them") {
  using std::chrono::milliseconds;
  const cuda_on_cpu::ScopedEmulatedDevice device;
  StepProfile profile;
  profile.begin_step(1, 0);
  const auto work_began = mark_after(milliseconds(1));
  comm::DeviceTimes times;
  times.started = mark_after(milliseconds(5));
  times.wait_began = mark_after(milliseconds(10));
  times.finished = mark_after(milliseconds(20));
  times.wait_ended = times.finished;
  const auto work_ended = mark_after(milliseconds(5));
  comm::CollectiveRecord record;
  record.operation = comm::Operation::all_reduce;
  record.group = "data";
  record.group_size = 2;
  record.bytes = 1000;
  record.started = record.finished = StepProfile::Clock::now();  // the calls took no time
  record.device = std::make_shared<comm::DeviceTimes>(times);
  profile.completed(record);
  profile.add(SpanKind::backward, record.started, record.finished, work_began, work_ended);
  profile.end_step();

  const auto& categories = profile.breakdown().categories;
  const train::CategoryTime message =
      categories.at({SpanKind::message, comm::Operation::all_reduce, train::GroupName("data")});
  CHECK(message.nanoseconds >= 20 * kMillisecond);
  CHECK(message.hidden >= 10 * kMillisecond);
  const train::CategoryTime backward = categories.at({SpanKind::backward, {}, {}});
  CHECK(backward.nanoseconds >= 20 * kMillisecond);  // without what it waited
  const auto whole = static_cast<std::int64_t>(1e9 * work_ended->seconds_since(*work_began));
  CHECK(std::abs(backward.nanoseconds + message.nanoseconds - whole) < 1000);  // roundings
}
