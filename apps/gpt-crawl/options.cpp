#include "apps/gpt-crawl/options.hpp"

#include <CLI/CLI.hpp>

#include "apps/gpt-crawl/frontier/url.hpp"
#include "apps/gpt-crawl/robots/robots_rules.hpp"
#include "libcommon/cli/errors.hpp"
#include "libcommon/cli/number_range.hpp"
#include "libcommon/cli/version.hpp"

namespace gpt::crawl {
namespace {

constexpr const char* kExamples =
    "  gpt-crawl https://example.org/ -m 500 -o pages.jsonl      follow the links of a site\n"
    "  gpt-crawl --urls start.txt --depth 2 --links links.txt -o pages.jsonl\n"
    "  gpt-crawl --html saved-pages/ -o pages.jsonl              take apart pages already here\n"
    "  gpt-crawl archive.jsonl.gz --json-key html -o pages.jsonl";

// How gently to crawl may stand in a configuration file for all runs; what to write or begin with may not.
void refuse_web_inputs(const Options& options) {
  if (options.urls_file || options.links)
    throw cli::UsageError(std::string(options.links ? "--links" : "--urls") +
                          " is for crawling the web, not for pages read from files");
}

void check_addresses(const Options& options) {
  if (options.inputs.empty() && !options.urls_file)
    throw cli::UsageError(
        "nothing to do: give addresses to start from, --urls FILE, --html PATH, or --json-key");
  for (const auto& input : options.inputs) {
    if (!Url::parse(input))
      throw cli::UsageError(
          "'" + input +
          "' is no http or https address; files and folders of pages go with --html, JSON Lines "
          "with --json-key");
  }
}

// What is read from the command line but is not an option as it stands.
struct RawInputs {
  std::vector<std::string> positional, html;
  std::string on_error = "fail";
};

void add_input_options(CLI::App& app, Options& options, RawInputs& raw) {
  app.add_option("input", raw.positional,
                 "Addresses to start from; with --json-key, JSON Lines files ('-' is stdin)")
      ->type_name("URL");
  app.add_option("--urls", options.urls_file, "File with an address a line to start from")->type_name("FILE");
  app.add_option("--html", raw.html, "Pages already here: files, and folders walked in sorted order")
      ->type_name("PATH");
  app.add_option("--json-key", options.json_key, "Read JSON Lines whose field KEY holds a page's HTML")
      ->type_name("KEY");
  app.add_option("-o,--output", options.output, "Where the pages go")
      ->type_name("FILE")
      ->capture_default_str();
  app.add_option("--links", options.links, "Write the links met: internal or external, a tab, the address")
      ->type_name("FILE");
  app.add_option("--on-error", raw.on_error,
                 "A record that cannot be read ends the run or is counted and skipped")
      ->check(CLI::IsMember({"fail", "skip"}))
      ->capture_default_str();
}

void add_reach_options(CLI::App& app, CrawlLimits& limits) {
  app.add_option("-m,--max-pages", limits.max_pages, "Pages visited at most; 0: no limit")
      ->check(CLI::NonNegativeNumber)
      ->type_name("N")
      ->capture_default_str();
  app.add_option("--depth", limits.depth, "Links followed from a start page at most; default: no limit")
      ->check(CLI::NonNegativeNumber)
      ->type_name("N");
  app.add_option("--max-bytes", limits.max_bytes, "Larger pages are skipped (decompressed size; 500K, 10M)")
      ->type_name("SIZE")
      ->transform(CLI::AsSizeValue(false))
      ->capture_default_str();
  app.add_flag("--allow-private", limits.allow_private, "Fetch from private and loopback addresses too");
}

void add_manners_options(CLI::App& app, CrawlLimits& limits) {
  app.add_option("--delay", limits.delay,
                 "Seconds between two requests to a host (or its Crawl-delay, if longer)")
      ->type_name("S")
      ->check(cli::number_range(0, 86400))
      ->capture_default_str();
  app.add_option("--connections-per-host", limits.connections_per_host, "Requests to a host at a time")
      ->type_name("N")
      ->check(CLI::Range(1, 64))
      ->capture_default_str();
  app.add_option("--timeout", limits.timeout, "Seconds a request may take")
      ->type_name("S")
      ->check(cli::number_range(0.001, 86400))
      ->capture_default_str();
  app.add_option("--user-agent", limits.user_agent,
                 "How the crawler calls itself; its first word is its robots.txt name")
      ->type_name("TEXT")
      ->capture_default_str();
}

void check_user_agent(const std::string& user_agent) {
  if (product_token_of(user_agent).empty())
    throw cli::UsageError(
        "--user-agent must begin with a name of letters, '-' and '_', by which robots.txt can call it");
  if (user_agent.find_first_of("\r\n") != std::string::npos)
    throw cli::UsageError("--user-agent must be one line");
}

// Which of the three kinds of input was given.
void take_inputs(Options& options, RawInputs raw, bool has_key) {
  if (!raw.html.empty() && (has_key || !raw.positional.empty() || options.urls_file))
    throw cli::UsageError(
        "--html stands alone: give addresses, files of JSON Lines, and pages' files to runs of their own");
  if (!raw.html.empty()) {
    options.source = Source::html_files;
    options.inputs = std::move(raw.html);
  } else {
    options.source = has_key ? Source::jsonl : Source::web;
    options.inputs = std::move(raw.positional);
  }
  if (options.source == Source::web) {
    check_addresses(options);
    return;
  }
  refuse_web_inputs(options);
  if (options.inputs.empty()) options.inputs.emplace_back("-");
}

}  // namespace

Options parse_options(int argc, const char* const* argv) {
  Options options;
  RawInputs raw;
  options.limits.user_agent = "gpt-crawl/" + cli::version_number();
  cli::Command command("gpt-crawl", "Fetches web pages and keeps their main text as JSON Lines.", kExamples);
  CLI::App& app = command.app();
  add_input_options(app, options, raw);
  add_reach_options(app, options.limits);
  add_manners_options(app, options.limits);
  options.common = command.parse(argc, argv);
  options.on_error = io::on_error_of_name(raw.on_error);
  check_user_agent(options.limits.user_agent);
  take_inputs(options, std::move(raw), app.get_option("--json-key")->count() > 0);
  return options;
}

}  // namespace gpt::crawl
