#include "apps/gpt-dedup/rewrite/rewrite.hpp"

#include <optional>

#include "apps/gpt-dedup/rewrite/decontaminate_stage.hpp"
#include "apps/gpt-dedup/rewrite/paragraph_stage.hpp"
#include "apps/gpt-dedup/rewrite/record_writer.hpp"
#include "apps/gpt-dedup/rewrite/substring_stage.hpp"

namespace gpt::dedup {

namespace {

RewriteResult rewrite(KeptDocuments& documents, const RewriteOptions& options, const RecordWriter& writer,
                      io::OutputFile& output, io::OutputFile* side) {
  if (options.paragraphs) return remove_repeated_units(documents, *options.paragraphs, writer, output);
  if (options.substrings) return remove_repeated_substrings(documents, *options.substrings, writer, output);
  return decontaminate(documents, *options.decontaminate, writer, output, side);
}

}  // namespace

RewriteResult rewrite_documents(KeptDocuments& documents, const Options& options, io::OutputFile& output) {
  const RecordWriter writer(options.output, options.corpus.text_key);
  std::vector<io::OutputFile> sides;
  for (const std::string& path : options.rewrite.side_outputs())
    sides.emplace_back(path, options.common.force ? io::Existing::replace : io::Existing::refuse);
  RewriteResult result =
      rewrite(documents, options.rewrite, writer, output, sides.empty() ? nullptr : &sides[0]);
  for (io::OutputFile& file : sides) file.commit_or_throw();
  return result;
}

void report_rewriting(const RewriteResult& result, log::RunReport& report) {
  report.set("documents_changed", result.documents_changed);
  for (const auto& [name, count] : result.counts) report.set(name, count);
  for (const auto& [name, table] : result.tables) report.set(name, table);
}

}  // namespace gpt::dedup
