#include "apps/gpt-train/layout_sheet.hpp"
#include "libcommon/io/json_text.hpp"

namespace gpt::train_tool {
namespace {

using std::to_string;

std::string joined(const std::vector<std::string>& values) {
  std::string text = "[";
  for (const std::string& value : values) text += (text.size() == 1 ? "" : ",") + value;
  return text + "]";
}

std::string groups_json(const std::vector<std::vector<std::int64_t>>& groups) {
  std::vector<std::string> texts;
  for (const auto& group : groups) {
    std::vector<std::string> ranks;
    for (const std::int64_t rank : group) ranks.push_back(to_string(rank));
    texts.push_back(joined(ranks));
  }
  return joined(texts);
}

const char* boolean(bool value) { return value ? "true" : "false"; }

std::string rank_json(const LayoutSheet& sheet, std::int64_t rank) {
  const cost::RankPlace place = cost::rank_place(sheet.layout, rank);
  const RankShare& share =
      sheet.shares[static_cast<std::size_t>(place.pipeline)][static_cast<std::size_t>(place.tensor)];
  std::vector<std::string> layers;
  for (const auto& [first, last] : share.layers)
    layers.push_back("[" + to_string(first) + "," + to_string(last) + "]");
  return "{\"rank\":" + to_string(rank) + ",\"tensor\":" + to_string(place.tensor) +
         ",\"data\":" + to_string(place.data) + ",\"stage\":" + to_string(place.pipeline) +
         ",\"layers\":" + joined(layers) + ",\"embedding\":" + boolean(share.embedding) +
         ",\"head\":" + boolean(share.head) + ",\"parameters\":" + to_string(share.parameters) +
         ",\"weight_bytes\":" + io::json_number(share.weights) +
         ",\"gradient_bytes\":" + io::json_number(share.gradients) +
         ",\"optimizer_bytes\":" + io::json_number(share.optimizer) +
         ",\"activation_bytes\":" + io::json_number(share.activations) + "}";
}

}  // namespace

std::string layout_json(const LayoutSheet& sheet) {
  const cost::Layout& layout = sheet.layout;
  const std::int64_t micro_batches = cost::micro_batches(sheet.batch, layout);
  std::vector<std::string> ranks;
  for (std::int64_t rank = 0; rank < layout.processes(); ++rank) ranks.push_back(rank_json(sheet, rank));
  return "{\"world_size\":" + to_string(layout.processes()) + ",\"tensor\":" + to_string(layout.tensor) +
         ",\"data\":" + to_string(layout.data) + ",\"pipeline\":" + to_string(layout.pipeline) +
         ",\"virtual_stages\":" + to_string(layout.virtual_stages) +
         ",\"sequence_parallel\":" + boolean(layout.sequence == cost::Sequence::parallel) +
         ",\"distributed_optimizer\":" + boolean(layout.optimizer == cost::OptimizerStates::sharded) +
         ",\"micro_batches\":" + to_string(micro_batches) + ",\"bubble\":" +
         io::json_number(cost::pipeline_bubble(layout.pipeline, micro_batches, layout.virtual_stages)) +
         ",\"tensor_groups\":" + groups_json(sheet.groups.tensor) +
         ",\"data_groups\":" + groups_json(sheet.groups.data) +
         ",\"pipeline_groups\":" + groups_json(sheet.groups.pipeline) +
         ",\"embedding_groups\":" + groups_json(sheet.embedding_groups) + ",\"ranks\":" + joined(ranks) + "}";
}

}  // namespace gpt::train_tool
