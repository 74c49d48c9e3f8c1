#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "libgpt/data/split.hpp"

namespace gpt::data {

// How many samples come from how many passes over a part.
struct EpochPlan {
  std::int64_t tokens_per_epoch = 0;
  std::int64_t epochs = 1;
  std::int64_t samples = 0;          // of all epochs
  bool separate_last_epoch = false;  // shuffled on its own, because few of its samples are wanted
  std::int64_t samples_before_last_epoch = 0;
};

// The fewest epochs that give `wanted` samples of sequence_length + 1 tokens which overlap by one.
// tokens_per_epoch must be positive.
EpochPlan plan_epochs(std::int64_t tokens_per_epoch, std::int64_t sequence_length, std::int64_t wanted);

// The three arrays that order a part's tokens into samples; they equal Megatron's. Sample i of the training
// run is sample shuffle[i] of the concatenated documents; it begins at token samples[2 k + 1] of the document
// at position samples[2 k] of `documents`, and one more pair ends the list.
struct SampleIndices {
  EpochPlan plan;
  std::span<const std::int32_t>
      documents;  // sequence numbers within the dataset, epochs · sequences of the part
  std::span<const std::int32_t> samples;   // 2 · (plan.samples + 1)
  std::span<const std::uint32_t> shuffle;  // plan.samples
  std::shared_ptr<const void> storage;     // what the spans point into
};

struct SampleIndexRequest {
  SequenceRange range;
  std::int64_t sequence_length = 0;
  std::int64_t wanted = 0;
  std::uint32_t seed = 0;
};

// lengths: tokens of every sequence of the dataset. Memory: 4 bytes for each document and 12 for each sample,
// of every epoch. Throws SampleError where positions or counts leave 32 bits.
SampleIndices build_sample_indices_or_throw(std::span<const std::int32_t> lengths,
                                            const SampleIndexRequest& request);

}  // namespace gpt::data
