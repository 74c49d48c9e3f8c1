#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

namespace gpt::train {

// What ends of documents within a sequence mean (--reset-position-ids, --reset-attention-mask,
// --eod-mask-loss). An end-of-document token belongs to the document it ends.
struct DocumentRules {
  std::int32_t end_of_document = -1;
  bool reset_position_ids = false;    // positions count from 0 in each document
  bool reset_attention_mask = false;  // a token sees its own document alone
  bool mask_end_of_document = false;  // what follows an end of document is not predicted

  bool any() const { return reset_position_ids || reset_attention_mask || mask_end_of_document; }
};

// The arrays of model::MicroBatch that the rules ask for; the others are empty.
struct DocumentArrays {
  std::vector<std::int32_t> positions;
  std::vector<std::int32_t> attend_from;
  std::vector<float> loss_mask;
};

// inputs: whole sequences of `length` tokens.
DocumentArrays document_arrays(const DocumentRules& rules, std::span<const std::int32_t> inputs,
                               std::size_t length);

}  // namespace gpt::train
