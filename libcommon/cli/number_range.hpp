#pragma once

#include <charconv>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <limits>
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

// Checks that a value is a whole number within [least, most]. CLI11 itself lets strtoull wrap -1 around and
// cuts what is too large, and CLI::NonNegativeNumber calls a word "too small".
inline CLI::Validator whole_number(std::uint64_t least = 0,
                                   std::uint64_t most = std::numeric_limits<std::uint64_t>::max()) {
  return {[least, most](std::string& text) -> std::string {
            std::uint64_t value = 0;
            const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
            if (error == std::errc() && end == text.data() + text.size() && value >= least && value <= most)
              return {};
            std::string bounds = " is no whole number from " + std::to_string(least);
            if (most < std::numeric_limits<std::uint64_t>::max()) bounds += " to " + std::to_string(most);
            return "'" + text + "'" + bounds +
                   (most < std::numeric_limits<std::uint64_t>::max() ? "" : " on");
          },
          ""};
}

}  // namespace gpt::cli
