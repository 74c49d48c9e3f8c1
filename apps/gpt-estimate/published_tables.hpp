#pragma once

#include <string>
#include <vector>

#include "apps/gpt-estimate/sheet.hpp"

namespace gpt::estimate {

// The names `gpt-estimate tables` knows, in the order it prints them.
std::vector<std::string> published_table_names();

// The tables of those names; all of them for none. Names must be known.
std::vector<Sheet> published_tables(const std::vector<std::string>& names);

}  // namespace gpt::estimate
