#pragma once

#include "libgpt/cost/layout.hpp"
#include "libgpt/cost/model_shape.hpp"

namespace gpt::cost {

// What one process sends (and receives as much), in elements (arXiv 2104.04473, section 3.2).
// Between two pipeline stages for a micro batch, each way: b s h.
double pipeline_elements(const ModelShape& shape, const Batch& batch);
// All-reduces among t tensor ranks for one layer and micro batch, forward and backward: 8 b s h (t - 1)/t.
double tensor_elements(const ModelShape& shape, const Batch& batch, const Layout& layout);
// The gradients' ring all-reduce among d data-parallel ranks, a step: 2 (d - 1)/d P, P what a process holds.
double data_elements(double parameters, const Layout& layout);

// The same in bytes, for a whole step. Gradients travel in fp32, the others in the computing precision.
struct StepTraffic {
  double pipeline = 0;
  double tensor = 0;
  double data = 0;
};
// parameters: what the process holds.
StepTraffic step_traffic(const ModelShape& shape, const Batch& batch, const Layout& layout,
                         Precision precision, double parameters);

}  // namespace gpt::cost
