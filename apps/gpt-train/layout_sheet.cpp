#include "apps/gpt-train/layout_sheet.hpp"

#include <algorithm>

#include "libgpt/cost/memory.hpp"
#include "libgpt/cost/runtime_memory.hpp"
#include "libgpt/model/parameter_layout.hpp"

namespace gpt::train_tool {
namespace {

// Those of this program.
double activation_bytes(const Options& options, const cost::ModelShape& shape, const cost::Batch& batch,
                        const cost::Layout& layout, std::int64_t stage) {
  const cost::RuntimeMemory memory =
      cost::runtime_memory(shape, batch, layout, options.recompute, stage, options.precision);
  return memory.kept + memory.scratch + memory.streams;
}

RankShare rank_share(const Options& options, const cost::ModelShape& shape, const cost::Batch& batch,
                     const cost::Layout& layout, const cost::RankPlace& place) {
  const model::ModelPart part = model::model_part(shape, layout, place);
  RankShare share;
  share.embedding = part.has_embedding();
  share.head = part.has_head();
  for (const model::ModelChunk& chunk : part.chunks) {
    const auto first = part.layers[static_cast<std::size_t>(chunk.first)];
    share.layers.emplace_back(first, first + chunk.count - 1);
  }
  for (const model::Parameter& parameter : model::ParameterLayout(shape, part).parameters()) {
    share.parameters += static_cast<std::int64_t>(parameter.count);
  }
  const auto parameters = static_cast<double>(share.parameters);
  share.weights = parameters * static_cast<double>(cost::element_size(options.precision));
  share.gradients = parameters * 4;
  share.optimizer = parameters * cost::bytes_per_parameter(options.precision, layout.optimizer, layout.data) -
                    share.weights - share.gradients;
  share.activations = activation_bytes(options, shape, batch, layout, place.pipeline);
  return share;
}

}  // namespace

LayoutSheet layout_sheet(const Options& options, const cost::ModelShape& shape, const cost::Layout& layout) {
  LayoutSheet sheet;
  sheet.layout = layout;
  sheet.batch = {options.data.sequence_length, options.train.micro_batch_size,
                 options.train.global_batch_size};
  sheet.groups = cost::rank_groups(layout);
  if (layout.pipeline > 1) {
    for (const auto& stages : sheet.groups.pipeline) {
      sheet.embedding_groups.push_back({stages.front(), stages.back()});
    }
  }
  for (std::int64_t stage = 0; stage < layout.pipeline; ++stage) {
    auto& shares = sheet.shares.emplace_back();
    for (std::int64_t tensor = 0; tensor < layout.tensor; ++tensor) {
      shares.push_back(rank_share(options, shape, sheet.batch, layout, {tensor, 0, stage}));
    }
  }
  return sheet;
}

}  // namespace gpt::train_tool
