#pragma once

#include "apps/gpt-dedup/options.hpp"
#include "apps/gpt-dedup/rewrite/kept_documents.hpp"
#include "apps/gpt-dedup/rewrite/rewrite_result.hpp"
#include "libcommon/io/output_file.hpp"
#include "libcommon/log/run_report.hpp"

namespace gpt::dedup {

// Last stage where texts are changed: takes out of the documents what options.rewrite says and writes what is
// left of them.
RewriteResult rewrite_documents(KeptDocuments& documents, const Options& options, io::OutputFile& output);

// Adds its counts to the report.
void report_rewriting(const RewriteResult& result, log::RunReport& report);

}  // namespace gpt::dedup
