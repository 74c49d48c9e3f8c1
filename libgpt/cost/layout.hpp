#pragma once

#include <cstdint>
#include <vector>

namespace gpt::cost {

enum class Precision { fp32, fp16, bf16 };
// Which activations the backward pass computes again: none, those inside the attention core, or all of a
// block (arXiv 2205.05198).
enum class Recompute { none, selective, full };
enum class Sequence { whole, parallel };        // whether tensor ranks also split the sequence
enum class OptimizerStates { whole, sharded };  // whether data-parallel ranks share them out

// How many processes share the model, and how.
struct Layout {
  std::int64_t tensor = 1;          // t
  std::int64_t pipeline = 1;        // p
  std::int64_t data = 1;            // d
  std::int64_t virtual_stages = 1;  // v: model chunks a process holds in the interleaved schedule
  Sequence sequence = Sequence::whole;
  OptimizerStates optimizer = OptimizerStates::whole;

  std::int64_t processes() const { return tensor * pipeline * data; }
};

struct Batch {
  std::int64_t sequence = 0;      // s, tokens a sample
  std::int64_t micro_batch = 1;   // b, samples
  std::int64_t global_batch = 1;  // B, samples

  std::int64_t tokens() const { return sequence * global_batch; }
};

// m: micro batches a pipeline runs a step.
std::int64_t micro_batches(const Batch& batch, const Layout& layout);

// Idle time over useful time of a pipeline: (p - 1) / (v m).
double pipeline_bubble(std::int64_t pipeline, std::int64_t micro_batches, std::int64_t virtual_stages = 1);

// Who talks to whom. Ranks number tensor fastest, then data, pipeline slowest.
struct RankGroups {
  std::vector<std::vector<std::int64_t>> tensor;
  std::vector<std::vector<std::int64_t>> data;
  std::vector<std::vector<std::int64_t>> pipeline;
};
RankGroups rank_groups(const Layout& layout);

// Where a rank stands in each of its groups.
struct RankPlace {
  std::int64_t tensor = 0;
  std::int64_t data = 0;
  std::int64_t pipeline = 0;  // the stage
};
RankPlace rank_place(const Layout& layout, std::int64_t rank);

}  // namespace gpt::cost
