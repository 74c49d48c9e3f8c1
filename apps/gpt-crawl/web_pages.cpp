#include "apps/gpt-crawl/web_pages.hpp"

#include <filesystem>
#include <optional>
#include <vector>

#include "apps/gpt-crawl/crawler.hpp"
#include "apps/gpt-crawl/frontier/crawl_state.hpp"
#include "libcommon/io/errors.hpp"
#include "libcommon/io/line_reader.hpp"
#include "libcommon/io/output_file.hpp"
#include "libcommon/log/logger.hpp"
#include "libcommon/log/progress.hpp"

namespace gpt::crawl {
namespace {

// Start addresses that cannot be had are named, up to this many; the report counts them all.
constexpr int kMostWarnings = 10;

std::vector<Url> start_addresses_or_throw(const Options& options) {
  std::vector<Url> addresses;
  for (const auto& input : options.inputs)
    addresses.push_back(*Url::parse(input));  // checked with the options
  if (!options.urls_file) return addresses;
  io::LineReader reader(io::open_input_or_throw(*options.urls_file));
  while (const auto line = reader.next_or_throw()) {
    const auto begin = line->find_first_not_of(" \t\r");
    if (begin == std::string_view::npos || (*line)[begin] == '#') continue;
    const auto address = Url::parse(*line);
    if (!address) throw io::DataError(reader.name(), reader.line_number(), "no http or https address");
    addresses.push_back(*address);
  }
  if (addresses.empty()) throw io::DataError(*options.urls_file, "holds no address to start from");
  return addresses;
}

// What makes two commands the same crawl: how far it goes may change between them, where it goes may not.
std::string fingerprint_of(const std::vector<Url>& starts, const Options& options) {
  std::string fingerprint = "depth " + (options.limits.depth ? std::to_string(*options.limits.depth) : "any");
  for (const auto& url : starts) fingerprint += "\n" + url.text();
  return fingerprint;
}

bool is_stream(const std::string& output) {
  std::error_code error;
  const auto status = std::filesystem::status(output, error);
  return output == "-" || (std::filesystem::exists(status) && !std::filesystem::is_regular_file(status));
}

void put_start_addresses(CrawlState& state, const std::vector<Url>& starts, const std::string& state_path) {
  if (state.resumed()) {
    log::info("going on with the crawl in " + state_path + ": " + std::to_string(state.counts().pages) +
              " pages kept, " + std::to_string(state.waiting_count()) + " addresses waiting");
    return;
  }
  for (const auto& url : starts) {
    state.add_site(url.site());
    state.add_url(url, 0, 0);
  }
  state.commit();
}

CrawlSinks sinks_for(CrawlState& state, io::OutputFile* stream, log::Progress& progress, WebResult& result) {
  CrawlSinks sinks;
  sinks.page = [&state, stream](const std::string& record) {
    if (stream != nullptr)
      stream->write_or_throw(record);
    else
      state.add_page(record);
  };
  sinks.skipped = [&result, warned = 0](std::int64_t depth, const std::string& why,
                                        const std::string& message) mutable {
    if (depth == 0 && result.first_failure.empty()) result.first_failure = message;
    const bool of_content = why == reason::kNoText || why == reason::kNoIndex || why == reason::kKnownTarget;
    if (depth == 0 && !of_content && ++warned <= kMostWarnings)
      log::warning(message);
    else
      log::debug(message);
  };
  sinks.progress = [&progress](const WebCounts& counts) {
    progress.update(counts.visited, std::to_string(counts.pages) + " kept");
  };
  return sinks;
}

void write_links(CrawlState& state, const std::string& path, io::Existing existing) {
  io::OutputFile links(path, existing);
  state.for_each_link([&](LinkKind kind, const std::string& url) {
    links.write_or_throw((kind == LinkKind::internal ? "internal\t" : "external\t") + url + "\n");
  });
  links.commit_or_throw();
}

}  // namespace

WebResult crawl_web(const Options& options) {
  const auto starts = start_addresses_or_throw(options);
  io::check_output_or_throw(options.output, options.existing());
  if (options.links) io::check_output_or_throw(*options.links, options.existing());

  const bool streams = is_stream(options.output);
  std::optional<io::OutputFile> stream;
  if (streams) stream.emplace(options.output, options.existing());
  const std::string state_path = streams ? "" : options.output + ".state";
  CrawlState state(state_path, fingerprint_of(starts, options));
  put_start_addresses(state, starts, state_path);

  WebResult result;
  {
    log::Progress progress(options.common.progress, "pages", options.limits.max_pages);
    Crawler crawler(options.limits, options.links ? KeepLinks::yes : KeepLinks::no, state,
                    sinks_for(state, stream ? &*stream : nullptr, progress, result));
    crawler.run();
  }
  result.counts = state.counts();
  result.hosts = state.visited_hosts();
  result.waiting = state.waiting_count();
  if (result.counts.pages > 0) {
    if (!streams) {
      stream.emplace(options.output, options.existing());
      state.for_each_page([&](const std::string& record) { stream->write_or_throw(record); });
    }
    if (options.links) write_links(state, *options.links, options.existing());
    stream->commit_or_throw();
  }
  state.remove();
  return result;
}

}  // namespace gpt::crawl
