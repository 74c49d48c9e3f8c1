#include <CLI/CLI.hpp>

#include "apps/gpt-train/written_options.hpp"

namespace gpt::train_tool {
namespace {

constexpr const char* kOfScripts = "Accepted for the sake of scripts";

}  // namespace

// Megatron's options for what there is only one of here.
void add_script_options(CLI::App& app, Written& w) {
  app.add_option("--tokenizer-type", w.ignored_value, "Kind of the vocabulary")
      ->check(CLI::IsMember({"GPT2BPETokenizer"}))
      ->group(kOfScripts);
  app.add_option("--data-impl", w.ignored_value, "Format of the dataset")
      ->check(CLI::IsMember({"mmap", "infer"}))
      ->group(kOfScripts);
  for (const char* name :
       {"--distributed-backend", "--DDP-impl", "--num-workers", "--make-vocab-size-divisible-by"}) {
    w.ignored.emplace_back(app.add_option(name, w.ignored_value)->group(""), name);
  }
  for (const char* name : {"--no-load-rng", "--no-save-rng"}) {
    w.ignored.emplace_back(app.add_flag(name)->group(""), name);
  }
}

void settle_script_options(Written& w) {
  Options& options = w.options;
  for (const auto& [option, name] : w.ignored) {
    if (option->count() != 0) options.without_effect.push_back(name);
  }
}

}  // namespace gpt::train_tool
