#pragma once

#include <functional>
#include <memory>

#include <cuda_runtime_api.h>

#include "libgpt/tensor/device.hpp"

namespace gpt::tensor {

// Work of a stream as a CUDA graph.
std::unique_ptr<RecordedWork> record_graph(cudaStream_t stream, const std::function<void()>& work);

// An event on a stream that knows its time.
std::unique_ptr<DeviceMark> mark_time(cudaStream_t stream);

}  // namespace gpt::tensor
