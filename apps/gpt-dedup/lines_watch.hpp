#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "apps/gpt-dedup/corpus.hpp"
#include "apps/gpt-dedup/lines_read.hpp"
#include "libcommon/cli/command.hpp"

namespace gpt::dedup {

// Whether the inputs of a later reading are what they were in the first: all stages judge it by this.
class LinesWatch {
 public:
  // before: of every file in the first reading; empty ones at the end may be left out.
  LinesWatch(std::vector<LinesRead> before, std::size_t files);

  // lines: of a batch; the batches of a file in their order.
  void see(std::size_t file, const LinesRead& lines);
  const std::vector<LinesRead>& lines() const { return now_; }  // by file
  // After the reading. Throws std::runtime_error naming the first of the files from `first` on that is not
  // what it was.
  void check_or_throw(const std::vector<std::string>& names, std::size_t first) const;

 private:
  std::vector<LinesRead> before_;
  std::vector<LinesRead> now_;
};

// Reads a corpus for nothing but that. Throws as LinesWatch does.
void check_lines_or_throw(Corpus& corpus, std::vector<LinesRead> before, const cli::CommonOptions& common);

}  // namespace gpt::dedup
