#pragma once

#include "apps/gpt-dedup/rewrite/rewrite_step.hpp"
#include "apps/gpt-dedup/rewrite/substring_options.hpp"

namespace gpt::dedup {

// Reads the documents once, a shard of them at a time, and takes out what the shard says again. A document in
// which nothing is left goes. Memory: 12 bytes a byte of a shard.
RewriteResult remove_repeated_substrings(KeptDocuments& documents, const SubstringOptions& options,
                                         const RecordWriter& writer, const LineSink& output);

}  // namespace gpt::dedup
