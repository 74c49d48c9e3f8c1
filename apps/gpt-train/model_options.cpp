#include <CLI/CLI.hpp>

#include "apps/gpt-train/written_options.hpp"
#include "libcommon/cli/errors.hpp"
#include "libcommon/cli/number_range.hpp"

namespace gpt::train_tool {

void add_model_options(CLI::App& app, Written& w) {
  model::ModelConfig& model = w.options.model;
  add_size(app, "--num-layers", model.shape.layers, "Transformer blocks");
  add_size(app, "--hidden-size", model.shape.hidden, "Width of a block");
  add_size(app, "--num-attention-heads", model.shape.heads, "Attention heads");
  add_size(app, "--max-position-embeddings", model.shape.positions, "Longest sequence the model can take");
  add_size(app, "--ffn-hidden-size", model.shape.ffn_hidden, "Width of the MLP; default 4 x hidden size");
  add_size(app, "--kv-channels", model.shape.kv_channels, "Width of a head; default hidden size / heads");
  app.add_option("--layernorm-epsilon", w.options.layernorm_epsilon,
                 "Epsilon of the LayerNorms; default that of --load, else 1e-5")
      ->check(cli::number_range(0, 1))
      ->type_name("X");
  add_number(app, "--attention-dropout", model.attention_dropout, "Dropout of attention", 0, 0.999)
      ->capture_default_str();
  add_number(app, "--hidden-dropout", model.hidden_dropout, "Dropout of the hidden states", 0, 0.999)
      ->capture_default_str();
  add_number(app, "--init-method-std", model.init_method_std, "Standard deviation of the first weights", 0,
             100)
      ->capture_default_str();
}

void check_shape_or_throw(const Options& options) {
  const cost::ModelShape& shape = options.model.shape;
  const std::pair<const char*, std::int64_t> sizes[] = {{"--num-layers", shape.layers},
                                                        {"--hidden-size", shape.hidden},
                                                        {"--num-attention-heads", shape.heads},
                                                        {"--max-position-embeddings", shape.positions}};
  for (const auto& [name, size] : sizes) {
    if (size == 0 && !options.load) {
      throw cli::UsageError(std::string(name) + " is needed unless --load gives a model");
    }
  }
  if (shape.positions != 0 && options.data.sequence_length > shape.positions) {
    throw cli::UsageError("--seq-length " + std::to_string(options.data.sequence_length) +
                          " is more than --max-position-embeddings " + std::to_string(shape.positions));
  }
  if (shape.layers == 0 || shape.hidden == 0 || shape.heads == 0 || shape.positions == 0) return;
  model::ModelConfig with_vocabulary = options.model;
  with_vocabulary.shape.vocabulary = 1;
  try {
    model::check_config_or_throw(with_vocabulary);
  } catch (const model::ConfigError& error) {
    throw cli::UsageError(error.what());
  }
}

}  // namespace gpt::train_tool
