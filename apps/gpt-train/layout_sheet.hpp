#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "apps/gpt-train/options.hpp"

namespace gpt::train_tool {

// What the ranks at one tensor place of one stage hold; it is the same in every replica.
struct RankShare {
  std::vector<std::pair<std::int64_t, std::int64_t>> layers;  // first and last of each model chunk, from 0
  bool embedding = false;
  bool head = false;  // final LayerNorm, output layer and loss
  std::int64_t parameters = 0;
  // Bytes.
  double weights = 0;
  double gradients = 0;
  double optimizer = 0;
  double activations = 0;  // predicted; with what a pass needs beside: logits, gradients, messages
  double total() const { return weights + gradients + optimizer + activations; }

  friend bool operator==(const RankShare&, const RankShare&) = default;
};

// Who is in which group, and what each rank will hold. Made without taking memory for any of it.
struct LayoutSheet {
  cost::Layout layout;
  cost::Batch batch;
  cost::RankGroups groups;
  std::vector<std::vector<std::int64_t>> embedding_groups;  // none where there is one stage
  std::vector<std::vector<RankShare>> shares;               // [stage][tensor place]
};

// shape: with its vocabulary; layout: as layout_of_model_or_throw returns it.
LayoutSheet layout_sheet(const Options& options, const cost::ModelShape& shape, const cost::Layout& layout);

// For people: groups, then a line a rank; in large worlds a line for all that hold the same.
std::string layout_text(const LayoutSheet& sheet);

// For programs: a JSON object with every group and every rank.
std::string layout_json(const LayoutSheet& sheet);

}  // namespace gpt::train_tool
