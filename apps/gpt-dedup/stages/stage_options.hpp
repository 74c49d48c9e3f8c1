#pragma once

#include <optional>
#include <string>

#include "apps/gpt-dedup/corpus_options.hpp"
#include "apps/gpt-dedup/keep_options.hpp"
#include "apps/gpt-dedup/near/listing.hpp"
#include "apps/gpt-dedup/near/minhash_options.hpp"
#include "libcommon/cli/command.hpp"
#include "libcommon/io/shard.hpp"

namespace gpt::dedup {

// The command lines of the stages, which leave their results in a folder (docs/formats/dedup-stages.md).

enum class Finished { again, leave };  // what becomes of a stage whose file is there already

// What all of them are told.
struct StageOptions {
  std::string folder;
  io::Shard shard;
  Finished finished = Finished::again;
  cli::CommonOptions common;
};

struct SignaturesOptions {
  StageOptions stage;
  CorpusOptions corpus;
  MinHashOptions minhash;
  KeepOptions keep;
};

struct PairsOptions {
  StageOptions stage;
  MinHashOptions minhash;  // threshold and verification
  Listing listing = Listing::none;
  std::string temporary_folder;
};

struct GroupsOptions {
  StageOptions stage;
  KeepOptions keep;                  // priority and across_only
  std::optional<std::string> list;   // of groups
  std::optional<std::string> pairs;  // of all candidate pairs
  std::string temporary_folder;
};

struct FilterOptions {
  StageOptions stage;
  std::string output;
};

// argv[1] is the subcommand's word. Throw as cli::Command::parse does.
SignaturesOptions parse_signatures_options(int argc, const char* const* argv);
PairsOptions parse_pairs_options(int argc, const char* const* argv);
GroupsOptions parse_groups_options(int argc, const char* const* argv);
FilterOptions parse_filter_options(int argc, const char* const* argv);

}  // namespace gpt::dedup
