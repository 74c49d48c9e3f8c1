#include <CLI/CLI.hpp>

#include "apps/gpt-train/written_options.hpp"
#include "libcommon/cli/errors.hpp"

namespace gpt::train_tool {
namespace {

constexpr const char* kOfScripts = "Accepted for the sake of scripts";

}  // namespace

// Megatron's options for what there is only one of here.
void add_script_options(CLI::App& app, Written& w) {
  app.add_flag("--fp16", w.fp16)->group("");
  app.add_flag("--bf16", w.bf16)->group("");
  app.add_option("--fp16-precision", w.precision_bits, "Bits of a number: 32")
      ->check(CLI::IsMember({16, 32}))
      ->group(kOfScripts)
      ->type_name("N");
  app.add_option("--tokenizer-type", w.ignored_value, "Kind of the vocabulary")
      ->check(CLI::IsMember({"GPT2BPETokenizer"}))
      ->group(kOfScripts);
  app.add_option("--data-impl", w.ignored_value, "Format of the dataset")
      ->check(CLI::IsMember({"mmap", "infer"}))
      ->group(kOfScripts);
  for (const char* name :
       {"--distributed-backend", "--DDP-impl", "--num-workers", "--make-vocab-size-divisible-by",
        "--loss-scale", "--initial-loss-scale", "--min-loss-scale", "--loss-scale-window", "--hysteresis"}) {
    w.ignored.emplace_back(app.add_option(name, w.ignored_value)->group(""), name);
  }
  for (const char* name : {"--no-load-rng", "--no-save-rng"}) {
    w.ignored.emplace_back(app.add_flag(name)->group(""), name);
  }
}

void settle_script_options_or_throw(Written& w) {
  Options& options = w.options;
  if (w.bf16) {
    options.precision = cost::Precision::bf16;
  } else if (w.fp16 || w.precision_bits == 16) {
    options.precision = cost::Precision::fp16;
  }
  if (options.precision != cost::Precision::fp32 && !options.print_layout) {
    throw cli::UsageError(std::string(w.bf16 ? "--bf16" : "--fp16") +
                          ": training on the CPU is in fp32; leave it out");
  }
  for (const auto& [option, name] : w.ignored) {
    if (option->count() != 0) options.without_effect.push_back(name);
  }
}

}  // namespace gpt::train_tool
