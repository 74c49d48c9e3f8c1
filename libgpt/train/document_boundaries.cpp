#include "libgpt/train/document_boundaries.hpp"

namespace gpt::train {

DocumentArrays document_arrays(const DocumentRules& rules, std::span<const std::int32_t> inputs,
                               std::size_t length) {
  DocumentArrays arrays;
  if (rules.reset_position_ids) arrays.positions.resize(inputs.size());
  if (rules.reset_attention_mask) arrays.attend_from.resize(inputs.size());
  if (rules.mask_end_of_document) arrays.loss_mask.assign(inputs.size(), 1.0f);
  std::size_t start = 0;  // of the current document, within its sequence
  for (std::size_t i = 0; i < inputs.size(); ++i) {
    const std::size_t place = i % length;
    if (place == 0) start = 0;
    if (rules.reset_position_ids) arrays.positions[i] = static_cast<std::int32_t>(place - start);
    if (rules.reset_attention_mask) arrays.attend_from[i] = static_cast<std::int32_t>(start);
    if (inputs[i] != rules.end_of_document) continue;
    if (rules.mask_end_of_document) arrays.loss_mask[i] = 0;
    start = place + 1;
  }
  return arrays;
}

}  // namespace gpt::train
