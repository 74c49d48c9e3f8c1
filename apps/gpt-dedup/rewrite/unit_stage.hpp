#pragma once

#include "apps/gpt-dedup/rewrite/rewrite_step.hpp"
#include "apps/gpt-dedup/rewrite/unit_options.hpp"

namespace gpt::dedup {

// Reads the documents twice: for the units that come again, then to take them out. A document in which
// nothing is left goes; one that keeps all its units keeps its bytes.
RewriteResult remove_repeated_units(KeptDocuments& documents, const UnitOptions& options,
                                    const RecordWriter& writer, const LineSink& output);

}  // namespace gpt::dedup
