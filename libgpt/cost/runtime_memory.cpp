#include "libgpt/cost/runtime_memory.hpp"

#include <algorithm>
#include <vector>

#include "libgpt/cost/memory.hpp"

namespace gpt::cost {
namespace {

constexpr std::int64_t kFloat = 4;

// Measured (tests/bench/memory_prediction.py): some 35 MB with a model of nothing, and with larger ones 10 to
// 45 MB more, of which matrix products pack their operands in the most.
constexpr double kProcessBytes = 50e6;

// Arenas hand out whole cache lines.
std::int64_t aligned(std::int64_t bytes) { return (bytes + 63) / 64 * 64; }

// The pieces that a micro batch's pass through a chunk takes, in bytes, by the names of libgpt/model.
class Pieces {
 public:
  Pieces(const ModelShape& shape, const Batch& batch, const Layout& layout, Precision precision)
      : element_(element_size(precision)),
        t_(layout.tensor),
        split_(layout.sequence == Sequence::parallel && layout.tensor > 1),
        rows_(batch.sequence * batch.micro_batch),
        stream_rows_(split_ ? rows_ / t_ : rows_),
        hidden_(shape.hidden),
        heads_(shape.heads / t_),
        attention_(heads_ * shape.head_size()),
        mlp_(shape.mlp_size() / t_),
        vocabulary_((shape.vocabulary + t_ - 1) / t_) {}

  enum class Core { keep, recompute };

  std::int64_t stream() const { return elements(stream_rows_ * hidden_); }
  std::int64_t block(Core core) const {
    return stream() + 2 * norm() + elements(3 * rows_ * attention_) +
           (core == Core::keep ? this->core() : 0) + 2 * elements(rows_ * mlp_);
  }
  std::int64_t block_forward(Core core) const {
    return gathered() + (core == Core::recompute ? this->core() : 0);
  }
  std::int64_t block_backward(Core core) const {
    const std::int64_t attention = elements(rows_ * attention_) + elements(3 * rows_ * attention_) +
                                   (core == Core::recompute ? this->core() : 0);
    return elements(rows_ * hidden_) + std::max(attention, elements(rows_ * mlp_)) + gathered();
  }
  std::int64_t embedding() const { return gathered(); }
  std::int64_t positions() const { return numbers(rows_); }
  std::int64_t head_loss() const {
    const std::int64_t parts = t_ > 1 ? numbers(3 * t_ * logits_rows()) + numbers(3 * logits_rows()) : 0;
    return norm() + gathered() + numbers(2 * rows_) + elements(logits_rows() * vocabulary_) + parts;
  }
  std::int64_t head_gradient() const { return head_loss() + elements(rows_ * hidden_); }

 private:
  // What is computed in the precision of the run, and what is kept in fp32 (or takes as much) beside it.
  std::int64_t elements(std::int64_t count) const { return aligned(count * element_); }
  static std::int64_t numbers(std::int64_t count) { return aligned(count * kFloat); }
  std::int64_t norm() const { return stream() + 2 * numbers(stream_rows_); }
  std::int64_t core() const { return elements(rows_ * attention_) + numbers(rows_ * heads_); }
  // A stream of all rows, made of the ranks' shares.
  std::int64_t gathered() const { return split_ ? elements(rows_ * hidden_) : 0; }
  std::int64_t logits_rows() const {
    return std::clamp<std::int64_t>(kLogitsBytes / (vocabulary_ * element_), 1, rows_);
  }

  std::int64_t element_, t_;
  bool split_;
  std::int64_t rows_, stream_rows_, hidden_, heads_, attention_, mlp_, vocabulary_;
};

// A pipeline stage's chunks, all of as many layers.
struct StageChunks {
  std::int64_t layers = 0;
  bool embedding = false, head = false;
  std::vector<LayerGroup> groups;
  Pieces::Core core = Pieces::Core::keep;

  bool full() const { return groups.front().keep == LayerGroup::Keep::input; }
};

// Of the first `passes` passes of a stage, those through one of its chunks: the schedule takes p micro
// batches through a chunk, then through the next.
std::int64_t passes_through(std::int64_t chunk, std::int64_t passes, const Layout& layout) {
  std::int64_t count = 0;
  for (std::int64_t n = 0; n < passes; ++n) {
    if (n / layout.pipeline % layout.virtual_stages == chunk) ++count;
  }
  return count;
}

// What the layers of a chunk keep of a micro batch, without the streams at the ends of the model.
std::int64_t kept_bytes(const Pieces& pieces, const StageChunks& chunks) {
  std::int64_t bytes = (static_cast<std::int64_t>(chunks.groups.size()) - 1) * pieces.stream();
  for (const LayerGroup& group : chunks.groups) {
    if (group.keep == LayerGroup::Keep::everything) bytes += pieces.block(chunks.core);
  }
  return bytes;
}

// Layers one after the other, none keeping anything.
std::int64_t layers_alone(const Pieces& pieces, std::int64_t layers) {
  constexpr auto kKeep = Pieces::Core::keep;
  return (layers > 1 ? pieces.stream() : 0) + pieces.block(kKeep) + pieces.block_forward(kKeep);
}

std::int64_t forward_scratch(const Pieces& pieces, const StageChunks& chunks) {
  std::int64_t bytes = chunks.head ? pieces.head_gradient() : 0;
  for (const LayerGroup& group : chunks.groups) {
    bytes = std::max(bytes, group.keep == LayerGroup::Keep::everything ? pieces.block_forward(chunks.core)
                                                                       : layers_alone(pieces, group.count));
  }
  if (chunks.head) bytes += pieces.stream();
  return chunks.embedding ? std::max(bytes, pieces.embedding()) : bytes;
}

std::int64_t backward_scratch(const Pieces& pieces, const StageChunks& chunks) {
  constexpr auto kKeep = Pieces::Core::keep;
  std::int64_t bytes = chunks.embedding ? pieces.embedding() : 0;
  for (const LayerGroup& group : chunks.groups) {
    const bool all = group.keep == LayerGroup::Keep::everything;
    bytes = std::max(bytes, all ? pieces.block_backward(chunks.core)
                                : (group.count - 1) * pieces.stream() + group.count * pieces.block(kKeep) +
                                      pieces.block_backward(kKeep));
  }
  return bytes + (chunks.embedding && !chunks.head ? pieces.stream() : 0);
}

// Beside what training takes: an evaluation has its layers in the place of a micro batch in flight, or, where
// those keep next to nothing, in the scratch arena.
struct Evaluation {
  std::int64_t streams = 0, layers = 0, head = 0;
};
Evaluation evaluation_bytes(const Pieces& pieces, const StageChunks& chunks) {
  return {(chunks.embedding ? pieces.stream() + pieces.positions() : 0) + (chunks.head ? pieces.stream() : 0),
          layers_alone(pieces, chunks.layers), chunks.head ? pieces.head_loss() : 0};
}

double parameters_of(const ModelShape& shape, const Layout& layout, bool first, bool last) {
  const std::int64_t t = layout.tensor, h = shape.hidden;
  const std::int64_t attention = shape.heads * shape.head_size();
  const std::int64_t block =
      (4 * h * attention + 3 * attention + 2 * h * shape.mlp_size() + shape.mlp_size()) / t + 6 * h;
  std::int64_t count = shape.layers / layout.pipeline * block;
  if (first || last) count += (shape.vocabulary + t - 1) / t * h;
  if (first) count += shape.positions * h;
  if (last) count += 2 * h;
  return static_cast<double>(count);
}

}  // namespace

std::int64_t passes_in_flight(const Batch& batch, const Layout& layout, std::int64_t pipeline_stage) {
  const std::int64_t m = micro_batches(batch, layout), v = layout.virtual_stages;
  const std::int64_t behind = layout.pipeline - pipeline_stage - 1;
  const std::int64_t warm_up = v == 1 ? behind : 2 * behind + (v - 1) * layout.pipeline;
  return std::min(m * v, warm_up + 1);
}

RuntimeMemory runtime_memory(const ModelShape& shape, const Batch& batch, const Layout& layout,
                             const RecomputeConfig& recompute, std::int64_t pipeline_stage,
                             Precision precision) {
  const Pieces pieces(shape, batch, layout, precision);
  StageChunks chunks;
  chunks.layers = shape.layers / (layout.pipeline * layout.virtual_stages);
  chunks.embedding = pipeline_stage == 0;
  chunks.head = pipeline_stage == layout.pipeline - 1;
  chunks.groups = layer_groups(recompute, chunks.layers);
  if (recompute.granularity == Recompute::selective) chunks.core = Pieces::Core::recompute;

  const std::int64_t in_flight = passes_in_flight(batch, layout, pipeline_stage);
  const std::int64_t of_one = kept_bytes(pieces, chunks);
  std::int64_t kept = in_flight * of_one;
  if (chunks.embedding) {
    kept += passes_through(0, in_flight, layout) * (pieces.stream() + pieces.positions());
  }
  if (chunks.head) kept += passes_through(layout.virtual_stages - 1, in_flight, layout) * pieces.stream();
  std::int64_t scratch = std::max(forward_scratch(pieces, chunks), backward_scratch(pieces, chunks));
  const Evaluation evaluation = evaluation_bytes(pieces, chunks);
  if (chunks.full()) {
    scratch = std::max(scratch, evaluation.streams + std::max(evaluation.layers, evaluation.head));
  } else {
    kept = std::max(kept, (in_flight - 1) * of_one + evaluation.streams + evaluation.layers);
    scratch = std::max(scratch, evaluation.head);
  }

  RuntimeMemory memory;
  memory.parameters = parameters_of(shape, layout, chunks.embedding, chunks.head);
  memory.model = memory.parameters * bytes_per_parameter(precision, layout.optimizer, layout.data);
  memory.kept = static_cast<double>(kept);
  memory.scratch = static_cast<double>(scratch);
  // Of each micro batch in flight its input, and one each on its way in and out, forward and back.
  if (layout.pipeline > 1) memory.streams = static_cast<double>((in_flight + 4) * pieces.stream());
  memory.process = kProcessBytes;
  return memory;
}

}  // namespace gpt::cost
