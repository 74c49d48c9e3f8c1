#pragma once

#include <string>
#include <vector>

#include "apps/gpt-crawl/options.hpp"
#include "apps/gpt-crawl/run_counts.hpp"

namespace gpt::crawl {

// The pages named by files and folders: a file as it is; of a folder, everything below it that is called
// *.html,
// *.htm or *.xhtml, with or without .gz or .zst, sorted by path. Throws io::IoError for what cannot be read,
// and for a folder without a page.
std::vector<std::string> list_html_files_or_throw(const std::vector<std::string>& paths);

// "file:///a/b%20c.html" for a path.
std::string file_url(const std::string& path);

// Writes the records of pages in files, in the order of list_html_files_or_throw. A record's url is the
// page's canonical address, where it names an absolute one, else file_url. Robots directives are for fetching
// and do not count here.
RunCounts extract_html_files(const Options& options);

}  // namespace gpt::crawl
