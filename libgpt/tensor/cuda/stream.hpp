#pragma once

namespace gpt::tensor {

// An order of work on the device: what is launched on one stream runs one after the other.
struct Stream {
  void* handle = nullptr;  // a cudaStream_t on a GPU
};

// The stream that all ops of device() compute on.
Stream compute_stream();

}  // namespace gpt::tensor
