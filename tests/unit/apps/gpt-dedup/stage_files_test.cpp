#include <cstddef>
#include <functional>
#include <string>

#include <doctest/doctest.h>

#include "apps/gpt-dedup/stages/kept_file.hpp"
#include "apps/gpt-dedup/stages/pair_file.hpp"
#include "apps/gpt-dedup/stages/shared_corpus.hpp"
#include "apps/gpt-dedup/stages/stages.hpp"
#include "libcommon/io/errors.hpp"
#include "tests/unit/apps/gpt-dedup/temporary_corpus.hpp"

using namespace gpt::dedup;

namespace {

StageOptions stage_in(const TemporaryCorpus& folder) {
  StageOptions stage;
  stage.folder = folder.path("work");
  stage.common.threads = 1;
  stage.common.progress = gpt::log::ProgressMode::off;
  return stage;
}

// Leaves the files of three stages in the folder work.
void run_stages(const TemporaryCorpus& folder) {
  folder.write_documents("a.jsonl", {"one text", "one text", "one text.", "another", ""});
  SignaturesOptions signatures;
  signatures.stage = stage_in(folder);
  signatures.corpus.inputs = {folder.path("a.jsonl")};
  signatures.corpus.temporary_folder = folder.path("");
  signatures.minhash.seeds = 4;
  signatures.minhash.bands = 2;
  signatures.keep.keep = Keep::longest;
  run(signatures);
  PairsOptions pairs;
  pairs.stage = stage_in(folder);
  pairs.minhash.threshold = 0.5;
  pairs.temporary_folder = folder.path("");
  run(pairs);
  GroupsOptions groups;
  groups.stage = stage_in(folder);
  run(groups);
}

// Flips bits of every byte in turn, cuts the file anywhere: all of it is refused.
void check_damage(const TemporaryCorpus& folder, const std::string& name, const std::function<void()>& read) {
  CAPTURE(name);
  const std::string whole = folder.bytes(name);
  read();
  for (std::size_t i = 0; i < whole.size(); ++i) {
    CAPTURE(i);
    for (const char bits : {'\x01', '\x80', '\xFF'}) {
      std::string damaged = whole;
      damaged[i] = static_cast<char>(damaged[i] ^ bits);
      folder.write(name, damaged);
      CHECK_THROWS_AS(read(), gpt::io::DataError);
    }
    folder.write(name, whole.substr(0, i));
    CHECK_THROWS_AS(read(), gpt::io::DataError);
  }
  folder.write(name, whole);
}

}  // namespace

TEST_CASE("no byte of a stage's file changes unnoticed") {
  const TemporaryCorpus folder;
  run_stages(folder);
  const std::string work = folder.path("work");
  check_damage(folder, "work/signatures.00000-of-00001",
               [&] { SharedCorpus::open_or_throw(work).shares().front().verify_or_throw(); });
  check_damage(folder, "work/pairs.00000-of-00001", [&] {
    PairFile::open_or_throw(pair_file_name(work, {0, 1}));
  });
  check_damage(folder, "work/kept", [&] { read_kept_file_or_throw(kept_file_name(work)); });
}
