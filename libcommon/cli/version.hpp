#pragma once

#include <string>

namespace gpt::cli {

// "0.1.0"
std::string version_number();

// What --version prints: "gpt-clean 0.1.0", then the commit, the compiler and the optional parts built in.
std::string version_text(const std::string& tool);

}  // namespace gpt::cli
