#pragma once

#include <cstdint>
#include <string>

#include "apps/gpt-crawl/options.hpp"
#include "apps/gpt-crawl/run_counts.hpp"

namespace gpt::crawl {

struct WebResult {
  WebCounts counts;
  std::uint64_t hosts = 0;
  std::uint64_t waiting = 0;  // addresses left when max_pages were visited
  std::string first_failure;  // what became of the first start address that failed
};

// Crawls from the start addresses and writes records and links. While it goes, all it knows lies in a file
// beside the output (its name and ".state"), from which the same command goes on after a stop; it is removed
// at the end. With the output on stdout the records are written as they come, and there is no such file.
WebResult crawl_web(const Options& options);

}  // namespace gpt::crawl
