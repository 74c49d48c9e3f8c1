#pragma once

#include "apps/gpt-dedup/rewrite/kept_documents.hpp"
#include "apps/gpt-dedup/rewrite/paragraph_options.hpp"
#include "apps/gpt-dedup/rewrite/record_writer.hpp"
#include "apps/gpt-dedup/rewrite/rewrite_result.hpp"
#include "libcommon/io/output_file.hpp"

namespace gpt::dedup {

// Reads the documents twice: for the units that come again, then to take them out. A document in which
// nothing is left goes; one that keeps all its units keeps its bytes.
RewriteResult remove_repeated_units(KeptDocuments& documents, const ParagraphOptions& options,
                                    const RecordWriter& writer, io::OutputFile& output);

}  // namespace gpt::dedup
