#pragma once

#include <string>

#include "apps/gpt-clean/statistics.hpp"

namespace gpt::clean {

// One JSON object on one line, as docs/formats/statistics.md describes it.
std::string json_of(const Statistics& statistics);

// Reads what json_of wrote, or of a run report the field that holds it; further fields are passed over.
// Throws io::DataError naming `name` where the text is something else.
Statistics parse_statistics_or_throw(const std::string& json, const std::string& name,
                                     const std::string& field_of_report = "statistics_after");

}  // namespace gpt::clean
