#include "apps/gpt-dedup/rewrite.hpp"

#include <optional>

#include "apps/gpt-dedup/decontaminate_stage.hpp"
#include "apps/gpt-dedup/record_writer.hpp"

namespace gpt::dedup {

RewriteResult rewrite_documents(KeptDocuments& documents, const Options& options, io::OutputFile& output) {
  const RecordWriter writer(options.output, options.corpus.text_key);
  std::vector<io::OutputFile> sides;
  for (const std::string& path : options.rewrite.side_outputs())
    sides.emplace_back(path, options.common.force ? io::Existing::replace : io::Existing::refuse);
  io::OutputFile* const side = sides.empty() ? nullptr : &sides.front();
  RewriteResult result = decontaminate(documents, *options.rewrite.decontaminate, writer, output, side);
  for (io::OutputFile& file : sides) file.commit_or_throw();
  return result;
}

void report_rewriting(const RewriteResult& result, log::RunReport& report) {
  report.set("documents_changed", result.documents_changed);
  for (const auto& [name, count] : result.counts) report.set(name, count);
  for (const auto& [name, table] : result.tables) report.set(name, table);
}

}  // namespace gpt::dedup
