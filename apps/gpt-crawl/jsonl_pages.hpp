#pragma once

#include "apps/gpt-crawl/options.hpp"
#include "apps/gpt-crawl/run_counts.hpp"
#include "libcommon/io/record_errors.hpp"

namespace gpt::crawl {

struct JsonlResult {
  RunCounts counts;
  io::RecordErrors errors;
};

// Writes the records of pages that lie in a field of JSON Lines, in their order. The fields url, fetched_at
// and status are taken over from the input; others but the HTML itself travel along behind the record's own.
JsonlResult extract_jsonl(const Options& options);

}  // namespace gpt::crawl
