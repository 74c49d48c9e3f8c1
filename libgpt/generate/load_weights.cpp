#include "libgpt/generate/load_weights.hpp"

#include <algorithm>
#include <vector>

#include "libgpt/checkpoint/parameter_pieces.hpp"

namespace gpt::generate {
namespace {

// At a time on the way to a device: 256 MiB.
constexpr std::size_t kStretch = std::size_t{1} << 26;

}  // namespace

void load_weights_or_throw(checkpoint::TensorSet& weights, model::InferencePart& part) {
  const model::ParameterLayout& layout = part.layout();
  if (const auto in_place = part.host_weights(); !in_place.empty()) {
    checkpoint::read_parameters_or_throw(weights, layout, in_place);
    return;
  }
  const std::size_t total = layout.buffer_size();
  std::vector<float> stretch;
  for (std::size_t first = 0; first < total; first += kStretch) {
    stretch.assign(std::min(kStretch, total - first), 0.0F);
    checkpoint::read_parameters_or_throw(weights, layout, first, stretch);
    part.set_weights(first, stretch);
  }
}

}  // namespace gpt::generate
