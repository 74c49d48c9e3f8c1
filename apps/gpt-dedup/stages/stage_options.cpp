#include "apps/gpt-dedup/stages/stage_options.hpp"

#include <algorithm>

#include <CLI/CLI.hpp>

#include "libcommon/cli/errors.hpp"
#include "libcommon/cli/shard_option.hpp"

namespace gpt::dedup {
namespace {

enum class Sharing { none, shards };

// The flags of StageOptions. Lives until the command line is parsed.
class StageFlags {
 public:
  StageFlags(CLI::App& app, StageOptions& options, Sharing sharing) : options_(options) {
    app.add_option("--work", options.folder, "Folder of what the stages leave for each other")
        ->required()
        ->type_name("FOLDER");
    app.add_flag("--resume", resume_, "Leave what is there and whole as it is");
    if (sharing == Sharing::shards) cli::add_shard_options(app, shard_);
  }
  void resolve_or_throw(cli::CommonOptions common) {
    options_.common = std::move(common);
    options_.shard = cli::resolve_shard(shard_);
    options_.finished = resume_ ? Finished::leave : Finished::again;
  }

 private:
  StageOptions& options_;
  cli::ShardOption shard_;
  bool resume_ = false;
};

void add_temporary_folder(CLI::App& app, std::string& folder) {
  folder = default_temporary_folder();
  app.add_option("--temporary-folder", folder, "Where texts of compressed inputs are copied; default: TMPDIR")
      ->type_name("FOLDER");
}

}  // namespace

SignaturesOptions parse_signatures_options(int argc, const char* const* argv) {
  cli::Command command("gpt-dedup signatures",
                       "First stage: signatures of a share of the documents, their bands sorted",
                       "  gpt-dedup signatures pages-*.jsonl --work dedup --rank 3 --world 16\n"
                       "  gpt-dedup signatures pages-*.jsonl --work dedup --world auto\n");
  SignaturesOptions options;
  CorpusFlags corpus(command.app(), options.corpus);
  StageFlags stage(command.app(), options.stage, Sharing::shards);
  SignatureFlags signatures(command.app(), options.minhash);
  ScoreFlags score(command.app(), options.keep);
  stage.resolve_or_throw(parse_subcommand(command, argc, argv));
  corpus.resolve_or_throw();
  signatures.resolve_or_throw();
  score.resolve_or_throw();
  const auto all = options.corpus.all_inputs();
  if (std::find(all.begin(), all.end(), "-") != all.end())
    throw cli::UsageError("the stages read their inputs several times: give files, not stdin");
  return options;
}

PairsOptions parse_pairs_options(int argc, const char* const* argv) {
  cli::Command command("gpt-dedup pairs",
                       "Second stage: similar pairs of documents, in a share of the bands' buckets",
                       "  gpt-dedup pairs --work dedup --rank 0 --world 8\n"
                       "  gpt-dedup pairs --work dedup --rank 0 --world 8 --all-pairs\n");
  PairsOptions options;
  StageFlags stage(command.app(), options.stage, Sharing::shards);
  JudgeFlags judge(command.app(), options.minhash);
  bool all_pairs = false;
  command.app().add_flag("--all-pairs", all_pairs,
                         "Compare and keep every candidate pair, for groups --pairs");
  add_temporary_folder(command.app(), options.temporary_folder);
  stage.resolve_or_throw(parse_subcommand(command, argc, argv));
  judge.resolve();
  options.listing = all_pairs ? Listing::all_pairs : Listing::none;
  return options;
}

GroupsOptions parse_groups_options(int argc, const char* const* argv) {
  cli::Command command("gpt-dedup groups", "Third stage: groups of duplicates, and which of each stays",
                       "  gpt-dedup groups --work dedup --list groups.jsonl --pairs pairs.jsonl\n");
  GroupsOptions options;
  StageFlags stage(command.app(), options.stage, Sharing::none);
  add_dataset_flags(command.app(), options.keep);
  command.app()
      .add_option("--list", options.list, "Write every group of duplicates, and which of it stays")
      ->type_name("FILE");
  command.app()
      .add_option("--pairs", options.pairs,
                  "Write every candidate pair with its similarities; needs pairs --all-pairs")
      ->type_name("FILE");
  add_temporary_folder(command.app(), options.temporary_folder);
  stage.resolve_or_throw(parse_subcommand(command, argc, argv));
  return options;
}

FilterOptions parse_filter_options(int argc, const char* const* argv) {
  cli::Command command("gpt-dedup filter",
                       "Last stage: the documents that stay, of one share (the one of the signatures) or all",
                       "  gpt-dedup filter --work dedup --rank 3 --world 16 -o unique.jsonl\n"
                       "  gpt-dedup filter --work dedup -o unique.jsonl.zst\n");
  FilterOptions options;
  StageFlags stage(command.app(), options.stage, Sharing::shards);
  command.app()
      .add_option("-o,--output", options.output, "Where the kept documents go; of a share, as a part of it")
      ->required()
      ->type_name("FILE");
  stage.resolve_or_throw(parse_subcommand(command, argc, argv));
  return options;
}

}  // namespace gpt::dedup
