#include "libgpt/model/chunk.hpp"

#include <algorithm>
#include <string>
#include <utility>

#include "libgpt/tensor/instantiate.hpp"
#include "libgpt/tensor/trace.hpp"

namespace gpt::model {
namespace {

// Shows layer i of the chunk to a profiler, by its number in the model.
template <class T>
tensor::TraceRange layer_range(const ChunkLayers<T>& layers, std::int64_t i) {
  if (tensor::trace_sink() == nullptr) return tensor::TraceRange("layer");
  const auto number = layers.layout.part().layers[static_cast<std::size_t>(layers.first + i)];
  return tensor::TraceRange(("layer " + std::to_string(number)).c_str());
}

// Layers [first, first + count) of the chunk, keeping nothing: two streams take turns between them.
template <class T>
void forward_only(const ChunkLayers<T>& layers, std::int64_t first, std::int64_t count,
                  std::span<const T> input, std::span<T> output, tensor::Arena& scratch) {
  const tensor::ArenaScope scope(scratch);
  // With two layers one stream lies between them; with more, output serves as the other.
  std::span<T> between;
  if (count > 1) between = scratch.take<T>(layers.pass.stream_size());
  for (std::int64_t i = 0; i < count; ++i) {
    // The last layer writes to output, the one before it to the stream between, and so on.
    const std::span<T> target = (count - 1 - i) % 2 == 0 ? output : between;
    const tensor::ArenaScope block(scratch);
    const auto kept = BlockActivations<T>::take(layers.pass, AttentionCore::keep, scratch);
    const auto range = layer_range(layers, first + i);
    block_forward<T>(layers.pass, layers.tensors(first + i), kept, input, target, scratch);
    input = target;
  }
}

// A group that kept its input alone: forward once more, then backward.
template <class T>
void recomputed_backward(const ChunkLayers<T>& layers, const LayerGroup& group, std::span<const T> input,
                         ops::Product mode, std::span<tensor::SumOf<T>> gradients, std::span<T> stream,
                         tensor::Arena& scratch, const std::function<void(std::int64_t)>& after_layer) {
  const tensor::ArenaScope scope(scratch);
  std::vector<std::span<const T>> inputs;
  std::vector<BlockActivations<T>> blocks;
  for (std::int64_t i = 0; i < group.count; ++i) {
    const bool last = i + 1 == group.count;
    const std::span<T> output = last ? std::span<T>{} : scratch.take<T>(layers.pass.stream_size());
    inputs.push_back(input);
    blocks.push_back(BlockActivations<T>::take(layers.pass, AttentionCore::keep, scratch));
    const auto range = layer_range(layers, group.first + i);
    block_forward<T>(layers.pass, layers.tensors(group.first + i), blocks.back(), input, output, scratch);
    input = output;
  }
  for (std::int64_t i = group.count - 1; i >= 0; --i) {
    const auto at = static_cast<std::size_t>(i);
    const auto range = layer_range(layers, group.first + i);
    block_backward<T>(layers.pass, layers.tensors(group.first + i), blocks[at], inputs[at], mode,
                      layers.gradients(gradients, group.first + i), stream, scratch);
    after_layer(group.first + i);
  }
}

}  // namespace

template <class T>
ChunkActivations<T> chunk_forward(const ChunkLayers<T>& layers, std::span<const T> input, std::span<T> output,
                                  tensor::Arena& kept, tensor::Arena& scratch) {
  ChunkActivations<T> activations;
  activations.input = input;
  for (std::size_t g = 0; g < layers.groups.size(); ++g) {
    const LayerGroup& group = layers.groups[g];
    const bool last = g + 1 == layers.groups.size();
    const std::span<T> target = last ? output : kept.take<T>(layers.pass.stream_size());
    if (!last) activations.group_outputs.push_back(target);
    BlockActivations<T>& block = activations.blocks.emplace_back();
    if (group.keep == LayerGroup::Keep::everything) {
      block = BlockActivations<T>::take(layers.pass, layers.core, kept);
      const auto range = layer_range(layers, group.first);
      block_forward<T>(layers.pass, layers.tensors(group.first), block, input, target, scratch);
    } else {
      forward_only<T>(layers, group.first, group.count, input, target, scratch);
    }
    input = target;
  }
  return activations;
}

template <class T>
void chunk_backward(const ChunkLayers<T>& layers, const ChunkActivations<T>& kept, ops::Product mode,
                    std::span<tensor::SumOf<T>> gradients, std::span<T> stream, tensor::Arena& scratch,
                    const std::function<void(std::int64_t)>& after_layer) {
  for (std::size_t g = layers.groups.size(); g-- > 0;) {
    const LayerGroup& group = layers.groups[g];
    const std::span<const T> input = g == 0 ? kept.input : std::span<const T>(kept.group_outputs[g - 1]);
    if (group.keep == LayerGroup::Keep::everything) {
      const auto range = layer_range(layers, group.first);
      block_backward<T>(layers.pass, layers.tensors(group.first), kept.blocks[g], input, mode,
                        layers.gradients(gradients, group.first), stream, scratch);
      after_layer(group.first);
    } else {
      recomputed_backward<T>(layers, group, input, mode, gradients, stream, scratch, after_layer);
    }
  }
}

template <class T>
void chunk_forward_only(const ChunkLayers<T>& layers, std::span<const T> input, std::span<T> output,
                        tensor::Arena& scratch) {
  forward_only<T>(layers, 0, layers.count, input, output, scratch);
}

#define GPT_INSTANTIATE(T)                                                                               \
  template ChunkActivations<T> chunk_forward<T>(const ChunkLayers<T>&, std::span<const T>, std::span<T>, \
                                                tensor::Arena&, tensor::Arena&);                         \
  template void chunk_backward<T>(const ChunkLayers<T>&, const ChunkActivations<T>&, ops::Product,       \
                                  std::span<tensor::SumOf<T>>, std::span<T>, tensor::Arena&,             \
                                  const std::function<void(std::int64_t)>&);                             \
  template void chunk_forward_only<T>(const ChunkLayers<T>&, std::span<const T>, std::span<T>,           \
                                      tensor::Arena&);
GPT_FOR_EACH_ELEMENT(GPT_INSTANTIATE)
#undef GPT_INSTANTIATE

}  // namespace gpt::model
