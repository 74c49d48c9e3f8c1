#pragma once

#include <string>
#include <utility>
#include <vector>

#include "apps/gpt-dedup/options.hpp"
#include "apps/gpt-dedup/rewrite/kept_documents.hpp"
#include "apps/gpt-dedup/rewrite/rewrite_result.hpp"
#include "libcommon/io/output_file.hpp"
#include "libcommon/log/run_report.hpp"

namespace gpt::dedup {

// What each step did, by its name, in their order; never empty.
using RewriteResults = std::vector<std::pair<std::string, RewriteResult>>;

// Last stage where texts are changed: takes out of the documents what options.rewrite says, one step after
// the other, and writes what is left of them. The bytes are those of a run for each step.
//
// A step may take away what stands elsewhere only once nothing behind it can take away that other place. So
// task texts go first, with all that surrounds them, on the documents as they were written; then whole lines
// or paragraphs, which runs of bytes that went would leave in shreds; then the runs.
//
// Between two steps the documents lie in a temporary file; no more than two such files at a time. Memory: of
// the step at hand.
RewriteResults rewrite_documents(KeptDocuments& documents, const Options& options, io::OutputFile& output);

// Adds their counts to the report.
void report_rewriting(const RewriteResults& results, log::RunReport& report);

}  // namespace gpt::dedup
