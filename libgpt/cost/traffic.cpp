#include "libgpt/cost/traffic.hpp"

#include "libgpt/cost/memory.hpp"

namespace gpt::cost {
namespace {

double ring_share(std::int64_t ranks) { return static_cast<double>(ranks - 1) / static_cast<double>(ranks); }

}  // namespace

double pipeline_elements(const ModelShape& shape, const Batch& batch) {
  return static_cast<double>(batch.micro_batch * batch.sequence) * static_cast<double>(shape.hidden);
}

double tensor_elements(const ModelShape& shape, const Batch& batch, const Layout& layout) {
  return 8 * pipeline_elements(shape, batch) * ring_share(layout.tensor);
}

double data_elements(double parameters, const Layout& layout) {
  return 2 * ring_share(layout.data) * parameters;
}

StepTraffic step_traffic(const ModelShape& shape, const Batch& batch, const Layout& layout,
                         Precision precision, double parameters) {
  const auto m = static_cast<double>(micro_batches(batch, layout));
  const auto e = static_cast<double>(element_size(precision));
  StepTraffic traffic;
  // A micro batch crosses every boundary between model chunks, v times as many when interleaved.
  if (layout.pipeline > 1)
    traffic.pipeline =
        2 * e * m * static_cast<double>(layout.virtual_stages) * pipeline_elements(shape, batch);
  const std::int64_t stage_blocks = shape.layers / layout.pipeline;
  traffic.tensor = e * m * static_cast<double>(stage_blocks) * tensor_elements(shape, batch, layout);
  traffic.data = 4 * data_elements(parameters, layout);
  return traffic;
}

}  // namespace gpt::cost
