#pragma once

#include <cstdint>

namespace gpt::cost {

// The numbers that fix a GPT-2 model's size. Names follow Megatron's arguments.
struct ModelShape {
  std::int64_t layers = 0;       // L, num-layers
  std::int64_t hidden = 0;       // h, hidden-size
  std::int64_t heads = 0;        // a, num-attention-heads
  std::int64_t positions = 0;    // max-position-embeddings
  std::int64_t vocabulary = 0;   // V, unpadded
  std::int64_t ffn_hidden = 0;   // width of the MLP; 4h unless said otherwise
  std::int64_t kv_channels = 0;  // width of one head; h / a unless said otherwise

  std::int64_t head_size() const { return kv_channels != 0 ? kv_channels : hidden / heads; }
  std::int64_t mlp_size() const { return ffn_hidden != 0 ? ffn_hidden : 4 * hidden; }
};

// Every trained number: embeddings (tied with the output), L blocks, the final LayerNorm.
std::int64_t parameter_count(const ModelShape& shape);

}  // namespace gpt::cost
