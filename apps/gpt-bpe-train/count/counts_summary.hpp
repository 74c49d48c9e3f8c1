#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "apps/gpt-bpe-train/count/text_units.hpp"
#include "apps/gpt-bpe-train/count/word_splitting.hpp"
#include "libcommon/io/shard.hpp"

namespace gpt::bpe_train {

// Which share of a job was counted: of certain inputs, with certain options. 0 of 1 is the whole of it.
struct CountedShare {
  std::uint64_t job = 0;  // job_of_or_throw
  io::Shard shard;

  bool operator==(const CountedShare& other) const {
    return job == other.job && shard.rank == other.shard.rank && shard.world == other.shard.world;
  }
};

// Words that were left out because memory was bounded.
struct DroppedWords {
  std::uint64_t words = 0;
  std::uint64_t occurrences = 0;
  std::uint64_t below = 0;  // those seen fewer times than this; 0: none
};

// What word counts were made from, and how.
struct CountsSummary {
  WordSplitting splitting;
  Unit unit = Unit::line;
  std::uint64_t documents = 0;
  std::uint64_t documents_left_out = 0;  // by the sample
  std::uint64_t text_bytes = 0;          // that were split into words
  std::uint64_t input_bytes = 0;         // read, decompressed
  std::uint64_t bad_records = 0;
  std::vector<CountedShare> shares;  // all there are, in the order of job and rank; none of stdin and pipes
  std::uint64_t origin = 0;          // of counts kept for resuming: a hash of inputs and options; otherwise 0
  DroppedWords dropped;
};

// One line of JSON, and back. Throws io::DataError (path: for messages) when it is not what summary_json
// writes.
std::string summary_json(const CountsSummary& summary);
CountsSummary parse_summary_or_throw(const std::string& path, std::string_view json);

// Sums up. Throws io::DataError naming path, the file of other, when it was counted otherwise or something
// comes twice: a share, or inputs that were shared out in another way before.
void add_summary_or_throw(CountsSummary& sum, const CountsSummary& other, const std::string& path);

// What lacks of the first job that is not complete: "share 1 of 3 is missing (2 are there)". Empty: nothing.
std::string missing_share(const CountsSummary& summary);

// How texts are cut, as the options are written: "--split-pattern gpt2 --normalization none ...".
std::string options_of(const WordSplitting& splitting);
std::string options_of(const WordSplitting& splitting, Unit unit);

}  // namespace gpt::bpe_train
