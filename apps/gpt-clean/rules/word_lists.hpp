#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace gpt::clean {

// The lines of a list, without comments (# where a line begins) and blank lines, in order.
std::vector<std::string> list_of_text(std::string_view text);

// A list of the share folder, "stop-words/sv.txt"; empty where there is none of that name.
std::vector<std::string> shared_list(const std::string& relative_path);

}  // namespace gpt::clean
