#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <utility>
#include <vector>

namespace gpt::dedup {

// What a step that changes texts did.
struct RewriteResult {
  std::uint64_t documents_in = 0;
  std::uint64_t documents_out = 0;
  std::uint64_t documents_changed = 0;
  std::map<std::string, std::uint64_t> reasons;  // documents that went, for the report
  // Further counts for the report, of names that no other step gives.
  std::vector<std::pair<std::string, std::uint64_t>> counts;
  std::vector<std::pair<std::string, std::map<std::string, std::uint64_t>>> tables;
  std::string summary;  // one line for the log
};

}  // namespace gpt::dedup
