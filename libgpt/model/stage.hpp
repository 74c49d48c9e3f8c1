#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <vector>

#include "libgpt/comm/communicator.hpp"
#include "libgpt/model/chunk.hpp"
#include "libgpt/model/micro_batch.hpp"
#include "libgpt/model/model_config.hpp"
#include "libgpt/model/parameter_layout.hpp"
#include "libgpt/model/pass.hpp"
#include "libgpt/model/recompute.hpp"
#include "libgpt/model/resident_batch.hpp"
#include "libgpt/tensor/aligned_buffer.hpp"
#include "libgpt/tensor/arena.hpp"

namespace gpt::model {

// Whether a backward pass replaces the gradients it finds or adds to them (gradient accumulation).
enum class Gradients { replace, add };

struct StageConfig {
  ModelPart part;
  SequenceRows rows = SequenceRows::whole;
  RecomputeConfig recompute;
};

// Which micro batch of a step, in which of the stage's chunks.
struct Which {
  std::int64_t micro_batch = 0;
  std::int64_t chunk = 0;
  friend bool operator==(const Which&, const Which&) = default;
};

// A stretch of the flat buffers.
struct BufferRange {
  std::size_t begin = 0, end = 0;
};

// One rank's part of a model: its weights in one flat buffer, and the activations of the micro batches that
// are in flight. T is the element of weights and activations: float or double on the CPU (double is for
// checking gradients), a device element on a device. Not thread-safe; threads of its own come from OpenMP.
// The ranks of a tensor group make the same calls in the same order.
template <class T>
class Stage {
 public:
  // Weights start at zero. tensor_group must stay alive. Throws ConfigError.
  Stage(const ModelConfig& config, const StageConfig& stage, comm::Communicator& tensor_group);

  const ModelConfig& config() const { return config_; }
  const ParameterLayout& layout() const { return layout_; }
  std::span<T> weights() { return weights_.span(); }  // flat, as layout() says
  std::span<const T> weights() const { return weights_.span(); }
  // Elements [first, first + values.size()) of the buffer, rounded to T.
  void set_weights(std::size_t first, std::span<const float> values);
  // Megatron's start (initialise.hpp). The same seed gives each weight the same value at every layout.
  void initialise(std::uint64_t seed);

  std::int64_t chunks() const { return static_cast<std::int64_t>(layout_.part().chunks.size()); }
  // Elements of the stream between two chunks: with SequenceRows::split, this rank's share of the rows.
  // Throws ConfigError where the rows cannot be shared out.
  std::size_t stream_size(std::int64_t sequences, std::int64_t length) const;

  // What the passes of one step have in common.
  struct TrainStep {
    double loss_scale = 1;  // one over the number of unmasked tokens of the global batch
    std::uint64_t dropout_seed = 0;
    std::span<tensor::SumOf<T>> gradients;  // flat, as layout() says
    // Whether micro batch 0, the first of a step to pass forward and backward, replaces what it finds there;
    // the others add. The gaps between tensors are left as they are.
    Gradients first = Gradients::replace;
  };
  // Told, while a backward pass goes on, of a stretch of the gradients to which nothing of this micro batch
  // will be added any more. The stretches of all chunks together make up the buffer, each once, from the last
  // to the first: that of a layer after its backward pass (the head's ln_f with the last layer), that of the
  // embeddings at the end of chunk 0's.
  using AfterLayer = std::function<void(BufferRange)>;

  // Takes a micro batch through a chunk and keeps what backward() needs. input: the stream from the chunk
  // before, empty where there is none; it must stay as it is until backward() has ended. output: the stream
  // for the next chunk; on the chunk with the head, empty: the loss is computed, for take_loss(), and
  // its gradient kept. Throws ops::ShapeError and ConfigError for a batch that does not fit the model.
  void forward(Which which, const MicroBatch& batch, const TrainStep& step, std::span<const T> input,
               std::span<T> output);
  // After forward() with the same arguments. d_output: gradient of output; d_input is overwritten with that
  // of input.
  void backward(Which which, const MicroBatch& batch, const TrainStep& step, std::span<const T> d_output,
                std::span<T> d_input, const AfterLayer& after_layer = {});

  // Without dropout, and nothing is kept. log_probabilities, on the host: on the chunk with the head,
  // receives log p(target) of every token [sequences * length], or is empty.
  void evaluate(std::int64_t chunk, const MicroBatch& batch, std::span<const T> input, std::span<T> output,
                std::span<double> log_probabilities = {});
  // The losses of all passes through the head since the last call. Waits for the device.
  LossSum take_loss();
  // The same, left where they are computed: totals [2] receives loss and tokens. Does not wait.
  void move_loss(std::span<tensor::Beside<T, double>> totals);
  // Of a whole model on one rank: logits of every token, [sequences * length, vocabulary].
  void evaluate_logits(const MicroBatch& batch, std::span<T> logits);

  // With SequenceRows::split, the gradients of LayerNorms are each rank's share until they are summed over
  // the tensor group: once a step, those of a stretch (as AfterLayer told it, when the last micro batch has
  // passed) or of all. Every rank of the group must ask for the same tensors. Else does nothing.
  void sum_sequence_parallel_gradients(std::span<tensor::SumOf<T>> gradients, BufferRange range);
  void sum_sequence_parallel_gradients(std::span<tensor::SumOf<T>> gradients) {
    sum_sequence_parallel_gradients(gradients, {0, layout_.buffer_size()});
  }

  // The most that activations and what is computed with them have taken so far.
  std::size_t activation_bytes() const;

 private:
  // A micro batch between its forward and its backward pass through a chunk.
  struct InFlight {
    Which which;
    bool busy = false;
    tensor::Arena arena{tensor::kPlaceOf<T>};
    ResidentBatch<T> batch;
    ChunkActivations<T> activations;
  };

  Pass<T> pass_of(const MicroBatch& batch, const ResidentBatch<T>& resident, Mode mode,
                  std::uint64_t dropout_seed) const;
  const ModelChunk& chunk_or_throw(std::int64_t chunk) const;
  void check_batch(const ModelChunk& chunk, const MicroBatch& batch) const;
  ChunkLayers<T> layers_of(const Pass<T>& pass, std::int64_t chunk) const;
  std::span<const T> evaluate_layers(const Pass<T>& pass, std::int64_t chunk, const ResidentBatch<T>& batch,
                                     std::span<const T> input, std::span<T> output, tensor::Arena& memory);
  tensor::Arena& evaluation_memory(std::int64_t chunk);
  InFlight* find_place(Which which);  // nullptr: it has not passed forward
  InFlight& free_place();
  void report_layer(const ModelChunk& chunk, std::int64_t layer, const AfterLayer& after_layer) const;

  ModelConfig config_;
  StageConfig stage_;
  ParameterLayout layout_;
  TensorGroup tensor_;
  tensor::AlignedBuffer<T> weights_;
  std::vector<std::vector<LayerGroup>> groups_;  // of each chunk
  std::vector<std::unique_ptr<InFlight>> in_flight_;
  tensor::Arena scratch_{tensor::kPlaceOf<T>};
  tensor::AlignedBuffer<tensor::Beside<T, double>> losses_{2};  // LossTotals
};

}  // namespace gpt::model
