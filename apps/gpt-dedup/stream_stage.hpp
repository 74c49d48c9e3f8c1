#pragma once

#include <cstdint>

#include "apps/gpt-dedup/corpus.hpp"
#include "apps/gpt-dedup/options.hpp"
#include "libcommon/io/output_file.hpp"
#include "libcommon/io/record_errors.hpp"

namespace gpt::dedup {

struct StreamCounts {
  std::uint64_t in = 0;          // without those of `against`
  std::uint64_t references = 0;  // documents of `against`
  std::uint64_t out = 0;
  io::RecordErrors errors;
};

// Everything in one reading, where what stays is known at once: exact or equal addresses, and the first of
// each group stays. Memory: 48 to 96 bytes a distinct document.
StreamCounts stream_first_seen(Corpus& corpus, const Options& options, io::OutputFile& output);

}  // namespace gpt::dedup
