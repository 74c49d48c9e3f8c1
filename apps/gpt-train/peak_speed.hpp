#pragma once

#include "apps/gpt-train/options.hpp"

namespace gpt::train_tool {

// What a log line's share of peak is a share of, where --peak-tflops does not say: floating-point operations
// a second of this process's matrix products of elements T, measured. The fastest of several products of
// square matrices; takes a fraction of a second.
template <class T>
double measured_peak_flops();

// Of the GPU that is the device of this process, in the precision asked for.
double measured_gpu_peak_flops(const Options& options);

}  // namespace gpt::train_tool
