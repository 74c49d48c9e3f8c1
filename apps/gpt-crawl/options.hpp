#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "libcommon/cli/command.hpp"
#include "libcommon/io/output_file.hpp"
#include "libcommon/io/record_errors.hpp"

namespace gpt::crawl {

// How far a crawl goes and how gently.
struct CrawlLimits {
  std::uint64_t max_pages = 30;        // responses taken, whatever their status; 0: no limit
  std::optional<std::uint64_t> depth;  // links followed from a start page; none: no limit
  double delay = 1;                    // seconds between the starts of two requests to a host
  int connections_per_host = 1;
  double timeout = 30;                   // seconds a request may take in all
  std::uint64_t max_bytes = 10'485'760;  // of a page, decompressed
  std::string user_agent;
  bool allow_private = false;
};

enum class Source {
  web,         // addresses, whose links are followed
  html_files,  // files and folders of pages
  jsonl,       // records with a field that holds a page
};

struct Options {
  cli::CommonOptions common;
  Source source = Source::web;
  std::vector<std::string> inputs;  // start addresses, pages' files and folders, or JSON Lines files
  std::optional<std::string> urls_file;
  std::string json_key;
  std::string output = "-";
  std::optional<std::string> links;
  io::OnError on_error = io::OnError::fail;
  CrawlLimits limits;

  io::Existing existing() const { return common.force ? io::Existing::replace : io::Existing::refuse; }
};

// Throws cli::UsageError, cli::InformationRequested.
Options parse_options(int argc, const char* const* argv);

}  // namespace gpt::crawl
