#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "libcommon/io/file_range.hpp"

namespace gpt::io {

// Which share of the input a process takes: rank of world, as in a job array. 0 of 1 is everything.
struct Shard {
  int rank = 0;
  int world = 1;

  bool is_everything() const { return world == 1; }
};

struct InputFile {
  std::string path;
  std::uint64_t bytes = 0;
  bool divisible = false;  // a plain regular file, which can be read from any line on
};

// Looks at size and first bytes of each input. Throws IoError where one cannot be read.
std::vector<InputFile> inspect_inputs_or_throw(const std::vector<std::string>& paths);

// The share of a shard: whole files where there are at least as many as shards, or where one of them is
// compressed; else byte ranges of about equal size. Shares in order of rank, one after the other, are the
// whole input in its order.
std::vector<FileRange> share_of_inputs(const std::vector<InputFile>& inputs, Shard shard);

// The name of a shard's part: "out/clean.jsonl.zst" becomes "out/clean.00003-of-00016.jsonl.zst". Everything
// and
// "-" keep their name.
std::string part_name(const std::string& path, Shard shard);

}  // namespace gpt::io
