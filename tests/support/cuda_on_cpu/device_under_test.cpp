#include "tests/support/device_under_test.hpp"

#include "tests/support/cuda_on_cpu/device.hpp"
#include "tests/support/cuda_on_cpu/schedule.hpp"

namespace gpt::device_under_test {

Opened::Opened() { tensor::open_device(cuda_on_cpu::make_emulated_device()); }
Opened::~Opened() { tensor::close_device(); }

void in_every_order(const std::function<void()>& body) {
  for (const auto& schedule :
       {cuda_on_cpu::current_schedule(), cuda_on_cpu::Schedule{1}, cuda_on_cpu::Schedule{2}}) {
    const cuda_on_cpu::ScopedSchedule scope(schedule);
    body();
  }
}

}  // namespace gpt::device_under_test
