#pragma once

#include <cstdint>
#include <optional>
#include <stdexcept>

#include "libgpt/cost/layout.hpp"
#include "libgpt/schedule/action.hpp"

namespace gpt::schedule {

// The pipeline cannot be run as asked for; what() names what could.
class ScheduleError : public std::invalid_argument {
 public:
  using std::invalid_argument::invalid_argument;
};

// A pipeline and the work of one step.
struct PipelineShape {
  std::int64_t stages = 1;         // p
  std::int64_t micro_batches = 1;  // m, of a step and replica
  std::int64_t chunks = 1;         // v, model chunks a stage (virtual stages)

  // A micro batch through one chunk, counted on one stage.
  std::int64_t passes() const { return micro_batches * chunks; }
};

PipelineShape pipeline_shape(const cost::Layout& layout, std::int64_t micro_batches);

// Throws ScheduleError for counts below one, and for the interleaved schedule (p > 1, v > 1) where the micro
// batches are not a multiple of the stages.
void check_training_or_throw(const PipelineShape& shape);

// A chunk of a stage. Chunk c of stage s is number c p + s of the model's p v chunks, first to last.
struct ChunkPlace {
  std::int64_t stage = 0;
  std::int64_t chunk = 0;
};
// Where a chunk's input comes from and its output goes to: none at the two ends of the model.
std::optional<ChunkPlace> chunk_before(std::int64_t stages, ChunkPlace place);
std::optional<ChunkPlace> chunk_after(std::int64_t stages, std::int64_t chunks, ChunkPlace place);

}  // namespace gpt::schedule
