#pragma once

#include <string>

#include "apps/gpt-clean/statistics.hpp"

namespace gpt::clean {

// One JSON object on one line, as docs/formats/statistics.md describes it.
std::string json_of(const Statistics& statistics);

// Reads what json_of wrote; further fields are passed over. Throws io::DataError naming `name` where the text
// is something else.
Statistics parse_statistics_or_throw(const std::string& json, const std::string& name);

}  // namespace gpt::clean
