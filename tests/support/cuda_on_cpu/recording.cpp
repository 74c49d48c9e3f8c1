#include "tests/support/cuda_on_cpu/recording.hpp"

#include <string>

#include "libgpt/tensor/device.hpp"

namespace gpt::cuda_on_cpu {
namespace {

constinit thread_local Recording* t_recording = nullptr;

}  // namespace

Recording* current_recording() { return t_recording; }
void set_current_recording(Recording* recording) { t_recording = recording; }

void forbid_in_recording(const char* what) {
  if (t_recording != nullptr)
    throw tensor::DeviceError(std::string("work that is recorded for replay ") + what);
}

}  // namespace gpt::cuda_on_cpu
