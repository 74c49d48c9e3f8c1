#pragma once

#include "libgpt/tensor/trace.hpp"

namespace gpt::tensor {

// Ranges of NVTX, which Nsight Systems shows beside the kernels, and its profiler switched on and off.
class NvtxTrace : public TraceSink {
 public:
  void begin(const char* name) override;
  void end() override;
  void start_profiler() override;
  void stop_profiler() override;
};

}  // namespace gpt::tensor
