#include <CLI/CLI.hpp>

#include "apps/gpt-train/written_options.hpp"
#include "libcommon/cli/errors.hpp"

namespace gpt::train_tool {
namespace {

// No machine has more; below it no product of sizes leaves 64 bits.
constexpr std::int64_t kMostRanks = std::int64_t{1} << 20;

CLI::Option* add_ranks(CLI::App& app, const std::string& name, std::int64_t& value, const std::string& help) {
  return app.add_option(name, value, help)->check(CLI::Range(std::int64_t{1}, kMostRanks))->type_name("N");
}

void add_recompute_options(CLI::App& app, Written& w) {
  auto* granularity =
      app.add_option("--recompute-granularity", w.recompute_granularity,
                     "Compute again in the backward pass: the attention core, or all of a block")
          ->check(CLI::IsMember({"selective", "full"}))
          ->type_name("selective|full");
  app.add_option(
         "--recompute-method", w.recompute_method,
         "Full: the inputs of groups of layers are kept, or some layers are recomputed and others not")
      ->check(CLI::IsMember({"uniform", "block"}))
      ->type_name("uniform|block");
  add_size(app, "--recompute-num-layers", w.recompute_layers,
           "Layers of a group (uniform), or layers of a stage that are recomputed (block); default 1");
  auto* all = app.add_flag("--checkpoint-activations", w.checkpoint_activations,
                           "As --recompute-granularity full --recompute-method uniform");
  all->excludes(granularity);
  add_size(app, "--checkpoint-num-layers", w.checkpoint_layers,
           "Layers of a group of --checkpoint-activations");
}

void settle_recompute_or_throw(Written& w) {
  cost::RecomputeConfig& recompute = w.options.recompute;
  if (w.checkpoint_layers != 0 && !w.checkpoint_activations) {
    throw cli::UsageError(
        "--checkpoint-num-layers needs --checkpoint-activations; with "
        "--recompute-granularity full it is --recompute-num-layers");
  }
  if (w.checkpoint_activations && (!w.recompute_method.empty() || w.recompute_layers != 0)) {
    throw cli::UsageError(
        "--recompute-method and --recompute-num-layers go with --recompute-granularity "
        "full; with --checkpoint-activations it is --checkpoint-num-layers");
  }
  if (w.checkpoint_activations || w.recompute_granularity == "full") {
    recompute.granularity = cost::Recompute::full;
  } else if (w.recompute_granularity == "selective") {
    recompute.granularity = cost::Recompute::selective;
  }
  if (recompute.granularity != cost::Recompute::full) {
    if (!w.recompute_method.empty()) {
      throw cli::UsageError("--recompute-method " + w.recompute_method +
                            " needs --recompute-granularity full");
    }
    if (w.recompute_layers != 0) {
      throw cli::UsageError("--recompute-num-layers " + std::to_string(w.recompute_layers) +
                            " needs --recompute-granularity full");
    }
    return;
  }
  if (w.recompute_method == "block") recompute.method = cost::RecomputeConfig::Method::block;
  if (w.recompute_layers != 0) recompute.layers = w.recompute_layers;
  if (w.checkpoint_layers != 0) recompute.layers = w.checkpoint_layers;
}

}  // namespace

void add_layout_options(CLI::App& app, Written& w) {
  ParallelOptions& parallel = w.options.parallel;
  parallel.layout.data = 0;
  add_ranks(app, "--tensor-model-parallel-size,--tensor-parallel-size", parallel.layout.tensor,
            "Ranks that share each layer; default 1");
  add_ranks(app, "--pipeline-model-parallel-size,--pipeline-parallel-size", parallel.layout.pipeline,
            "Pipeline stages; default 1");
  add_size(app, "--num-layers-per-virtual-pipeline-stage", parallel.layers_per_virtual_stage,
           "Layers of a model chunk in the interleaved schedule");
  app.add_flag("--sequence-parallel", w.sequence_parallel,
               "Tensor ranks also share LayerNorm, dropout and residuals, by tokens");
  app.add_flag("--use-distributed-optimizer", w.distributed_optimizer,
               "Data-parallel ranks share the optimizer's states");
  add_recompute_options(app, w);
  add_ranks(app, "--world-size", parallel.world_size, "Ranks to lay out with --print-layout");
  app.add_flag("--print-layout", w.options.print_layout,
               "Print who is in which group and holds what, and stop");
}

void settle_layout_options_or_throw(Written& w) {
  cost::Layout& layout = w.options.parallel.layout;
  if (w.sequence_parallel) {
    if (layout.tensor == 1) {
      throw cli::UsageError(
          "--sequence-parallel shares among tensor ranks, and there is one: leave it out, or "
          "pass --tensor-model-parallel-size 2 or more");
    }
    layout.sequence = cost::Sequence::parallel;
  }
  if (w.distributed_optimizer) layout.optimizer = cost::OptimizerStates::sharded;
  if (w.options.parallel.layers_per_virtual_stage != 0 && layout.pipeline == 1) {
    throw cli::UsageError(
        "--num-layers-per-virtual-pipeline-stage interleaves pipeline stages, and there is "
        "one: leave it out, or pass --pipeline-model-parallel-size 2 or more");
  }
  settle_recompute_or_throw(w);
}

}  // namespace gpt::train_tool
