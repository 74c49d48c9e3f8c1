#include "apps/gpt-crawl/run.hpp"

#include <string>

#include "apps/gpt-crawl/html_files.hpp"
#include "apps/gpt-crawl/jsonl_pages.hpp"
#include "libcommon/log/logger.hpp"
#include "libcommon/log/run_report.hpp"

namespace gpt::crawl {
namespace {

void set_counts(log::RunReport& report, const RunCounts& counts) {
  report.set("pages", counts.pages);
  report.set("bytes", counts.bytes);
  report.set("text_bytes", counts.text_bytes);
  report.set("skipped", counts.skipped);
}

std::string summary(const RunCounts& counts) {
  std::string line = std::to_string(counts.pages) + " pages";
  if (counts.skipped.empty()) return line;
  line += ", " + std::to_string(counts.skipped_in_all()) + " skipped (";
  bool first = true;
  for (const auto& [reason, count] : counts.skipped) {
    line += (first ? "" : ", ") + reason + " " + std::to_string(count);
    first = false;
  }
  return line + ")";
}

void extract_files(const Options& options, log::RunReport& report) {
  const auto counts = extract_html_files(options);
  set_counts(report, counts);
  log::info(summary(counts));
}

void extract_records(const Options& options, log::RunReport& report) {
  const auto result = extract_jsonl(options);
  set_counts(report, result.counts);
  report.set("bad_records", result.errors.count());
  if (result.errors.count() > 0) {
    report.set("first_bad_records", result.errors.first_messages());
    log::warning(result.errors.summary());
  }
  log::info(summary(result.counts));
}

}  // namespace

cli::ExitCode run(const Options& options) {
  log::RunReport report("gpt-crawl");
  report.set("inputs", options.inputs);
  report.set("output", options.output);
  if (options.source == Source::html_files)
    extract_files(options, report);
  else if (options.source == Source::jsonl)
    extract_records(options, report);
  if (options.common.report) report.write_or_throw(*options.common.report);
  return cli::ExitCode::done;
}

}  // namespace gpt::crawl
