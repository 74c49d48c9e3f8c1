#pragma once

#include <functional>
#include <memory>
#include <vector>

namespace gpt::cuda_on_cpu {

// What a thread gives the device is done at once, or while it records kept for later, with the addresses and
// values that it has now: as a graph on a GPU keeps it.
struct Recording {
  std::vector<std::function<void()>> steps;
  std::vector<std::shared_ptr<void>> memory;  // that the steps use
};

// That of this thread; nullptr where it does not record.
Recording* current_recording();
void set_current_recording(Recording* recording);

template <class Work>
void do_or_record(Work work) {
  if (Recording* const recording = current_recording())
    recording->steps.push_back(std::move(work));
  else
    work();
}

// Throws tensor::DeviceError where the thread records: a graph can do no such thing.
void forbid_in_recording(const char* what);

}  // namespace gpt::cuda_on_cpu
