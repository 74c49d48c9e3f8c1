#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace gpt::cli {

// The candidate nearest to a mistyped word by edit distance (insert, delete, replace, swap of neighbours), if
// one is near enough to be meant: at most a third of the word's letters away.
std::optional<std::string> nearest_option(std::string_view typed, const std::vector<std::string>& candidates);

}  // namespace gpt::cli
