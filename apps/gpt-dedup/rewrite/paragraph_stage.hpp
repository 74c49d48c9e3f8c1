#pragma once

#include "apps/gpt-dedup/rewrite/paragraph_options.hpp"
#include "apps/gpt-dedup/rewrite/rewrite_step.hpp"

namespace gpt::dedup {

// Reads the documents twice: for the units that come again, then to take them out. A document in which
// nothing is left goes; one that keeps all its units keeps its bytes.
RewriteResult remove_repeated_units(KeptDocuments& documents, const ParagraphOptions& options,
                                    const RecordWriter& writer, const LineSink& output);

}  // namespace gpt::dedup
