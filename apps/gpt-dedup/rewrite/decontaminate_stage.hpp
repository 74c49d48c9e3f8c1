#pragma once

#include <cstdint>
#include <vector>

#include "apps/gpt-dedup/rewrite/decontaminate_options.hpp"
#include "apps/gpt-dedup/rewrite/rewrite_step.hpp"
#include "libcommon/io/output_file.hpp"

namespace gpt::dedup {

// The n-grams of the task files. Throws io::IoError, io::DataError.
TaskNgrams read_tasks_or_throw(const DecontaminateOptions& options);

// Reads the documents twice: for how many hold each n-gram, then to cut out those that few hold. Writes what
// is left: untouched documents as they are, each piece of a cut one as a document with a field split_id.
// matches: may be null (docs/formats/matches.md).
RewriteResult decontaminate(KeptDocuments& documents, const DecontaminateOptions& options,
                            const RecordWriter& writer, const LineSink& output, io::OutputFile* matches);

}  // namespace gpt::dedup
