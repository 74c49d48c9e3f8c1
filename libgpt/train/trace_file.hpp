#pragma once

#include <cstdint>
#include <span>
#include <string>

#include "libcommon/io/output_file.hpp"
#include "libgpt/cost/layout.hpp"
#include "libgpt/train/span.hpp"

namespace gpt::train {

// A trace in Chrome's JSON trace event format, as Perfetto and chrome://tracing open it: a process for each
// pipeline stage, in it a row (thread) for each rank. A message that blocks its rank lies within the span
// that made it; one that goes on meanwhile has a track of its own.
class TraceFile {
 public:
  // A file of this name is refused, or replaced at the commit; without one nothing changes. Throws IoError.
  TraceFile(const std::string& path, io::Existing existing);

  // The spans of one rank, in the order in which they ended. Ranks may come in any order, each once.
  void add_rank_or_throw(std::int64_t rank, const cost::RankPlace& place, std::span<const Span> spans);

  // The file appears under its name.
  void commit_or_throw();

 private:
  void write_event_or_throw(const std::string& event);

  io::OutputFile file_;
  bool empty_ = true;
};

}  // namespace gpt::train
