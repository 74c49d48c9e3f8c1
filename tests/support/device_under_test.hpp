#pragma once

#include <functional>
#include <memory>

namespace gpt::device_under_test {

// Tests of the device's ops are written once. What they are linked with decides which device that is: a GPU,
// or the one whose kernels run on the CPU (tests/support/cuda_on_cpu).

// Opens the device of this process, and closes it at the end of the scope.
class Opened {
 public:
  Opened();
  ~Opened();
  Opened(const Opened&) = delete;
  Opened& operator=(const Opened&) = delete;
};

// Calls body once for each order in which the device can be told to run the threads of a kernel; a GPU
// chooses for itself, each time anew.
void in_every_order(const std::function<void()>& body);

}  // namespace gpt::device_under_test
