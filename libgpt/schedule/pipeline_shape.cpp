#include "libgpt/schedule/pipeline_shape.hpp"

#include <string>

#include "libgpt/cost/fitting_sizes.hpp"

namespace gpt::schedule {
PipelineShape pipeline_shape(const cost::Layout& layout, std::int64_t micro_batches) {
  return {layout.pipeline, micro_batches, layout.virtual_stages};
}

void check_training_or_throw(const PipelineShape& shape) {
  if (shape.stages < 1 || shape.micro_batches < 1 || shape.chunks < 1) {
    throw ScheduleError("a pipeline of " + std::to_string(shape.stages) + " stages with " +
                        std::to_string(shape.chunks) + " chunks each and " +
                        std::to_string(shape.micro_batches) +
                        " micro batches a step cannot be: each must be 1 or more");
  }
  if (shape.stages == 1 || shape.chunks == 1 || shape.micro_batches % shape.stages == 0) return;
  throw ScheduleError(
      "the interleaved schedule takes micro batches in groups of as many as there are stages: " +
      std::to_string(shape.micro_batches) + " micro batches a step and replica is not a multiple of " +
      std::to_string(shape.stages) + " pipeline stages; " +
      cost::nearest_multiples(shape.micro_batches, shape.stages) +
      " would be (global batch size / micro batch size / data-parallel size)");
}

std::optional<ChunkPlace> chunk_before(std::int64_t stages, ChunkPlace place) {
  if (place.stage > 0) return ChunkPlace{place.stage - 1, place.chunk};
  if (place.chunk > 0) return ChunkPlace{stages - 1, place.chunk - 1};
  return std::nullopt;
}

std::optional<ChunkPlace> chunk_after(std::int64_t stages, std::int64_t chunks, ChunkPlace place) {
  if (place.stage + 1 < stages) return ChunkPlace{place.stage + 1, place.chunk};
  if (place.chunk + 1 < chunks) return ChunkPlace{0, place.chunk + 1};
  return std::nullopt;
}

}  // namespace gpt::schedule
