#include <CLI/CLI.hpp>

#include "apps/gpt-train/written_options.hpp"
#include "libcommon/cli/errors.hpp"

namespace gpt::train_tool {
namespace {

CLI::Option* add_paths(CLI::App& app, const std::string& name, std::vector<std::string>& paths,
                       const std::string& help) {
  return app.add_option(name, paths, help)
      ->multi_option_policy(CLI::MultiOptionPolicy::TakeAll)
      ->type_name("[WEIGHT] PREFIX ...");
}

}  // namespace

void add_data_options(CLI::App& app, Written& w) {
  DataOptions& data = w.options.data;
  auto* all =
      add_paths(app, "--data-path", data.paths, "Dataset without .bin/.idx; several: a weight before each");
  add_paths(app, "--train-data-path", data.part_paths[0], "Dataset to train on, in place of --data-path")
      ->excludes(all);
  add_paths(app, "--valid-data-path", data.part_paths[1], "Dataset to evaluate on")->excludes(all);
  add_paths(app, "--test-data-path", data.part_paths[2], "Dataset to evaluate on at the end")->excludes(all);
  app.add_option("--split", data.split, "Parts of --data-path to train, evaluate and test on")
      ->capture_default_str()
      ->type_name("A,B,C");
  app.add_option("--vocab-file", data.vocab_file,
                 "vocab.json of the data, or its tokenizer.json; kept with each checkpoint")
      ->type_name("FILE");
  app.add_option("--merge-file", data.merge_file, "merges.txt of the data; kept with each checkpoint")
      ->type_name("FILE");
  app.add_option("--data-cache-path", data.cache_folder, "Folder to keep the sample indices in between runs")
      ->type_name("FOLDER");
  add_size(app, "--seq-length", data.sequence_length, "Tokens of a sample")->required();
  train::DocumentRules& rules = w.options.train.documents;
  app.add_flag("--reset-position-ids", rules.reset_position_ids, "Positions start anew in each document");
  app.add_flag("--reset-attention-mask", rules.reset_attention_mask, "A token sees its own document alone");
  app.add_flag("--eod-mask-loss", rules.mask_end_of_document,
               "What follows a document's end is not predicted");
}

void check_data_or_throw(const Options& options) {
  const DataOptions& data = options.data;
  if (data.merge_file && !data.vocab_file) {
    throw cli::UsageError("--merge-file needs --vocab-file: vocab.json and merges.txt belong together");
  }
  if (options.print_layout) return;
  if (data.paths.empty() && data.part_paths[0].empty()) {
    throw cli::UsageError("--data-path (or --train-data-path) is needed: the dataset to train on");
  }
  if (!data.vocab_file && !options.load) {
    throw cli::UsageError(
        "--vocab-file and --merge-file (or --vocab-file with a tokenizer.json) are needed: those the "
        "dataset was made with");
  }
}

}  // namespace gpt::train_tool
