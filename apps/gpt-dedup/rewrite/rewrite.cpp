#include "apps/gpt-dedup/rewrite/rewrite.hpp"

#include <memory>
#include <optional>

#include "apps/gpt-dedup/rewrite/decontaminate_stage.hpp"
#include "apps/gpt-dedup/rewrite/rewrite_step.hpp"
#include "apps/gpt-dedup/rewrite/substring_stage.hpp"
#include "apps/gpt-dedup/rewrite/unit_stage.hpp"
#include "libcommon/io/json_text.hpp"

namespace gpt::dedup {
namespace {

// matches: of the decontamination; may be null.
std::vector<RewriteStep> steps_of(const RewriteOptions& options, io::OutputFile* matches) {
  std::vector<RewriteStep> steps;
  if (options.decontaminate)
    steps.push_back({"decontaminate", [&options, matches](auto& documents, auto& writer, auto& output) {
                       return decontaminate(documents, *options.decontaminate, writer, output, matches);
                     }});
  if (options.units)
    steps.push_back({"unit", [&options](auto& documents, auto& writer, auto& output) {
                       return remove_repeated_units(documents, *options.units, writer, output);
                     }});
  if (options.substrings)
    steps.push_back({"substring_bytes", [&options](auto& documents, auto& writer, auto& output) {
                       return remove_repeated_substrings(documents, *options.substrings, writer, output);
                     }});
  return steps;
}

RewriteResult run_step(const RewriteStep& step, KeptDocuments& documents, const RecordWriter& writer,
                       const LineSink& output) {
  RewriteResult result = step.run(documents, writer, output);
  result.documents_in = documents.handed_on();
  return result;
}

// What a step leaves for the next one.
struct PassedOn {
  Corpus corpus;
  KeptDocuments documents;

  PassedOn(SpoolFile&& spool, io::DocumentFormat format, const Options& options)
      : corpus(std::move(spool), format), documents(corpus, options.corpus, options.common) {}
};

// Texts alone are passed on only if they come from text and become text again: records carry further fields.
io::DocumentFormat format_between(const Corpus& corpus, const std::string& output) {
  const bool ends_as_text = output == "-" || io::document_format_of_name(output) == io::DocumentFormat::text;
  return corpus.is_all_text() && ends_as_text ? io::DocumentFormat::text : io::DocumentFormat::jsonl;
}

}  // namespace

RewriteResults rewrite_documents(KeptDocuments& documents, const Options& options, io::OutputFile& output) {
  std::optional<io::OutputFile> matches;
  if (options.rewrite.decontaminate && options.rewrite.decontaminate->matches)
    matches.emplace(*options.rewrite.decontaminate->matches,
                    options.common.force ? io::Existing::replace : io::Existing::refuse);
  const io::DocumentFormat between = format_between(documents.corpus(), options.output);
  const std::vector<RewriteStep> steps = steps_of(options.rewrite, matches ? &*matches : nullptr);
  RewriteResults results;
  std::unique_ptr<PassedOn> before;
  for (const RewriteStep& step : steps) {
    KeptDocuments& read = before ? before->documents : documents;
    if (&step == &steps.back()) {
      const auto write = [&](std::string_view lines) { output.write_or_throw(lines); };
      results.emplace_back(
          step.name, run_step(step, read, RecordWriter(options.output, options.corpus.text_key), write));
      break;
    }
    SpoolFile spool = SpoolFile::create_or_throw(options.corpus.temporary_folder);
    const auto pass_on = [&](std::string_view lines) { spool.append_or_throw(lines); };
    results.emplace_back(step.name,
                         run_step(step, read, RecordWriter(between, options.corpus.text_key), pass_on));
    spool.flush_or_throw();
    before = std::make_unique<PassedOn>(std::move(spool), between, options);
  }
  if (matches) matches->commit_or_throw();
  return results;
}

void report_rewriting(const RewriteResults& results, log::RunReport& report) {
  std::string steps;
  std::uint64_t changed = 0;
  for (const auto& [name, result] : results) {
    steps += (steps.empty() ? "" : ",") + io::json_string(name) +
             ":{\"documents_in\":" + std::to_string(result.documents_in) +
             ",\"documents_out\":" + std::to_string(result.documents_out) +
             ",\"documents_changed\":" + std::to_string(result.documents_changed) + "}";
    changed += result.documents_changed;
  }
  report.set_json("steps", "{" + steps + "}");
  report.set("documents_changed", changed);
  for (const auto& [name, result] : results) {
    for (const auto& [key, count] : result.counts) report.set(key, count);
    for (const auto& [key, table] : result.tables) report.set(key, table);
  }
}

}  // namespace gpt::dedup
