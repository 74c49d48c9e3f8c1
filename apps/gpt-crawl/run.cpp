#include "apps/gpt-crawl/run.hpp"

#include <string>

#include "apps/gpt-crawl/html_files.hpp"
#include "apps/gpt-crawl/jsonl_pages.hpp"
#include "apps/gpt-crawl/web_pages.hpp"
#include "libcommon/cli/run_files.hpp"
#include "libcommon/log/logger.hpp"
#include "libcommon/log/run_report.hpp"

namespace gpt::crawl {
namespace {

void set_counts(log::RunReport& report, const RunCounts& counts) {
  report.set("pages", counts.pages);
  report.set("documents_out", counts.pages);
  report.set("bytes", counts.bytes);
  report.set("text_bytes", counts.text_bytes);
  report.set("reasons", counts.skipped);
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
    report.set("first_errors", result.errors.first_messages());
    log::warning(result.errors.summary());
  }
  log::info(summary(result.counts));
}

cli::ExitCode crawl(const Options& options, log::RunReport& report) {
  const auto result = crawl_web(options);
  const auto& counts = result.counts;
  set_counts(report, counts);
  report.set("visited", counts.visited);
  report.set("redirects", counts.redirects);
  report.set("statuses", counts.statuses);
  report.set("hosts", result.hosts);
  report.set("waiting", result.waiting);
  if (counts.pages == 0) {
    log::error("no page was kept: " +
               (result.first_failure.empty() ? summary(counts) : result.first_failure));
    return cli::ExitCode::failed;
  }
  log::info(summary(counts) + ", " + std::to_string(counts.visited) + " visited on " +
            std::to_string(result.hosts) + (result.hosts == 1 ? " host" : " hosts"));
  if (result.waiting > 0)
    log::info("--max-pages reached with " + std::to_string(result.waiting) + " addresses left");
  return cli::ExitCode::done;
}

void check_files_or_throw(const Options& options) {
  cli::RunFiles files;
  files.add_output("--output", options.output);
  files.add_output("--links", options.links);
  if (options.source != Source::web) files.add_inputs("an input", options.inputs);
  files.add_input("--urls", options.urls_file.value_or(""));
  cli::check_files_or_throw(std::move(files), options.common.report);
}

}  // namespace

cli::ExitCode run(const Options& options) {
  log::RunReport report("gpt-crawl");
  check_files_or_throw(options);
  report.set("inputs", options.inputs);
  report.set("output", options.output);
  cli::ExitCode code = cli::ExitCode::done;
  switch (options.source) {
    case Source::web:
      code = crawl(options, report);
      break;
    case Source::html_files:
      extract_files(options, report);
      break;
    case Source::jsonl:
      extract_records(options, report);
      break;
  }
  if (options.common.report) report.write_or_throw(*options.common.report);
  return code;
}

}  // namespace gpt::crawl
