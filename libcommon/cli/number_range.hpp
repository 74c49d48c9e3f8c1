#pragma once

#include <cstdio>
#include <cstdlib>
#include <string>

#include <CLI/CLI.hpp>

namespace gpt::cli {

// Checks that a value is a number within [least, most]. CLI::Range lets nan pass, since nan is neither below
// nor above anything.
inline CLI::Validator number_range(double least, double most) {
  return {[least, most](std::string& text) -> std::string {
            char* end = nullptr;
            const double value = std::strtod(text.c_str(), &end);
            if (!text.empty() && *end == '\0' && value >= least && value <= most) return {};
            char bounds[80];
            std::snprintf(bounds, sizeof bounds, " is no number from %g to %g", least, most);
            return "'" + text + "'" + bounds;
          },
          ""};
}

}  // namespace gpt::cli
