#pragma once

namespace gpt::train_tool {

// What a log line's share of peak is a share of, where --peak-tflops does not say: floating-point operations
// a second of this process's matrix products, measured with its threads. The fastest of several products of
// square matrices 1024 wide; takes a fraction of a second.
double measured_peak_flops();

}  // namespace gpt::train_tool
