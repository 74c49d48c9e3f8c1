#include "libgpt/ops/cuda/product_timing.hpp"

#include <algorithm>
#include <limits>

#include <cuda_runtime_api.h>

#include "libgpt/tensor/cuda/cuda_error.hpp"
#include "libgpt/tensor/cuda/event.hpp"
#include "libgpt/tensor/cuda/stream.hpp"
#include "libgpt/tensor/device.hpp"

namespace gpt::ops::cuda {
namespace {

using tensor::Event;

constexpr int kRounds = 3;  // of timing, of which the fastest counts
// Within the noise of a measurement the library's order decides, so that two runs agree more often than not.
constexpr float kWorthChanging = 0.97F;
// Beyond it the memory for a sum's timing, which is kept, would cost more than a better algorithm brings.
constexpr std::size_t kMostForSums = std::size_t{512} << 20;
constexpr std::int64_t kFewRows = 256;

cudaStream_t stream() { return static_cast<cudaStream_t>(tensor::compute_stream().handle); }

std::size_t bytes_of_result(const ProductCall& call) {
  const auto elements = static_cast<std::size_t>((call.m - 1) * call.stride_c + call.n);
  return elements * (call.result == ElementKind::f32 ? 4 : 2);
}

// Milliseconds; infinite where it does not run.
template <class Run>
float time_of(const Run& run) {
  float best = std::numeric_limits<float>::infinity();
  if (run() != CUBLAS_STATUS_SUCCESS) return best;
  Event begin(Event::Use::timing), end(Event::Use::timing);
  for (int round = 0; round < kRounds; ++round) {
    begin.record(stream());
    check_cublas(run(), "time a product");
    end.record(stream());
    best = std::min(best, end.milliseconds_since(begin));
  }
  return best;
}

}  // namespace

bool worth_timing(const ProductKind& kind) {
  const bool power_of_two = (kind.m & (kind.m - 1)) == 0;
  return kind.m >= kFewRows || power_of_two;
}

cublasLtMatmulAlgo_t fastest_algorithm(cublasLtHandle_t handle, const ProductDescription& description,
                                       const ProductCall& call,
                                       const std::vector<cublasLtMatmulAlgo_t>& algorithms) {
  // A sum must not be added twice.
  const std::size_t for_result = call.adds ? bytes_of_result(call) : 0;
  if (for_result > kMostForSums) return algorithms.front();
  std::byte* space = nullptr;
  try {
    space = tensor::device().workspace(kProductWorkspace + for_result);
  } catch (const tensor::OutOfDeviceMemory&) {
    return algorithms.front();
  }
  void* const result = call.adds ? static_cast<void*>(space + kProductWorkspace) : call.c;
  const auto time = [&](const cublasLtMatmulAlgo_t& algorithm) {
    return time_of(
        [&] { return description.run(handle, call, result, algorithm, space, kProductWorkspace, stream()); });
  };
  std::size_t best = 0;
  float best_time = time(algorithms.front());
  for (std::size_t i = 1; i < algorithms.size(); ++i) {
    const float taken = time(algorithms[i]);
    if (taken < best_time * kWorthChanging) {
      best = i;
      best_time = taken;
    }
  }
  return algorithms[best];
}

}  // namespace gpt::ops::cuda
